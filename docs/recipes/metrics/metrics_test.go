package metrics

import (
	"context"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/bggen/bggen/runtime"
)

func TestMetrics(t *testing.T) {
	var runner runtime.Runner
	mux := http.NewServeMux()
	Register(mux, &runner)
	err := runner.Do(t.Context(), func(bg *runtime.BackgroundTasks) error {
		bg.Add(func(context.Context) error { return nil })
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := runner.Idle(t.Context()); err != nil {
		t.Fatal(err)
	}
	w := httptest.NewRecorder()
	mux.ServeHTTP(w, httptest.NewRequest("GET", "/metrics", nil))
	if !strings.Contains(w.Body.String(), "\ntasks_ended_total 1\n") {
		t.Errorf("%s", w.Body)
	}
	// The alerts are about numbers that are there.
	alerts, err := os.ReadFile("alerts.yaml")
	if err != nil {
		t.Fatal(err)
	}
	names := regexp.MustCompile(`tasks_\w+`).FindAllString(string(alerts), -1)
	if len(names) < 5 {
		t.Fatalf("the alerts name only %v", names)
	}
	for _, name := range names {
		if !strings.Contains(w.Body.String(), "\n"+name+" ") {
			t.Errorf("an alert names %s, which is not written", name)
		}
	}
}
