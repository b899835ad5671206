package notify_test

import (
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"

	"github.com/bggen/bggen/examples/notify/notify"
	"github.com/bggen/bggen/runtime"
)

// The tutorial: the dependency's line, if there was a query, then the
// handler's.
func TestSendNotification(t *testing.T) {
	t.Chdir(t.TempDir())
	var runner runtime.Runner
	mux := http.NewServeMux()
	notify.Register(mux, &runner)
	mux.Handle("GET /ping", notify.PingHandler(&runner))
	send := func(method, target, want string) {
		t.Helper()
		w := httptest.NewRecorder()
		mux.ServeHTTP(w, httptest.NewRequest(method, target, nil))
		if w.Code != 200 || w.Body.String() != want {
			t.Errorf("%s: %d %s", target, w.Code, w.Body)
		}
		if err := runner.Idle(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	send("POST", "/send-notification/ann@example.com?q=gophers", `{"message":"Message sent"}`)
	send("POST", "/send-notification/bob@example.com", `{"message":"Message sent"}`)
	send("GET", "/ping", "pong\n")

	log, err := os.ReadFile("log.txt")
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"found query: gophers", "message to ann@example.com", "message to bob@example.com", "ping from ", ""}
	if got := strings.Split(string(log), "\n"); strings.Join(got, "|") != strings.Join(want, "|") {
		t.Errorf("log.txt is %q, want %q", got, want)
	}
}

// A handler is a function: the zero collector is all a unit test needs.
func TestSendNotificationAlone(t *testing.T) {
	var bg runtime.BackgroundTasks
	message, err := notify.SendNotification("ann@example.com", "", &bg)
	if err != nil || message.Message != "Message sent" || bg.Len() != 1 {
		t.Errorf("%v, %v, %d tasks", message, err, bg.Len())
	}
}
