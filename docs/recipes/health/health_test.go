package health

import (
	"context"
	"database/sql"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"testing"

	_ "modernc.org/sqlite"

	"github.com/bggen/bggen/runtime"
)

func TestReady(t *testing.T) {
	db, err := sql.Open("sqlite", filepath.Join(t.TempDir(), "health.db"))
	if err != nil {
		t.Fatal(err)
	}
	runner := runtime.Runner{Queue: 10}
	mux := http.NewServeMux()
	Register(mux, &runner, &App{DB: db})
	get := func(path string, want int) {
		t.Helper()
		w := httptest.NewRecorder()
		mux.ServeHTTP(w, httptest.NewRequest("GET", path, nil))
		if w.Code != want {
			t.Errorf("%s: %d %s, want %d", path, w.Code, w.Body, want)
		}
	}
	get("/readyz", 200)

	done := make(chan struct{})
	for range 10 { // as many requests have tasks that do not end
		err := runner.Do(t.Context(), func(bg *runtime.BackgroundTasks) error {
			bg.Add(func(context.Context) error { <-done; return nil })
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	get("/readyz", 503)
	close(done)
	if err := runner.Idle(t.Context()); err != nil {
		t.Fatal(err)
	}
	get("/readyz", 200)

	db.Close()
	get("/readyz", 503)
	get("/livez", 200)
}
