package notify

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/bggen/bggen/runtime"
)

// byHand is the tutorial with nothing but net/http, and a bare go statement.
func byHand(w http.ResponseWriter, r *http.Request) {
	email := r.PathValue("email")
	q := r.URL.Query().Get("q")
	lines := make([]string, 0, 2)
	if q != "" {
		lines = append(lines, "found query: "+q)
	}
	lines = append(lines, "message to "+email)
	body, err := json.Marshal(Message{"Message sent"})
	if err != nil {
		http.Error(w, "Internal Server Error", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.Write(body)
	go func() {
		for _, line := range lines {
			ignore(context.Background(), writeLogArgs{line})
		}
	}()
}

func ignore(context.Context, writeLogArgs) error { return nil }

// BenchmarkAdapter compares the tutorial's adapter, its task replaced by an
// empty one, with the same handler by hand.
func BenchmarkAdapter(b *testing.B) {
	var runner runtime.Runner
	writeLogTask.Register(&runner, ignore)
	for _, target := range []string{"/send-notification/ann@example.com", "/send-notification/ann@example.com?q=gophers"} {
		name := map[bool]string{true: "two tasks", false: "one task"}[len(target) > 40]
		b.Run(name+"/by hand", func(b *testing.B) { serve(b, http.HandlerFunc(byHand), target) })
		b.Run(name+"/bggen", func(b *testing.B) { serve(b, SendNotificationHandler(&runner), target) })
	}
	if err := runner.Idle(b.Context()); err != nil {
		b.Fatal(err)
	}
}

func serve(b *testing.B, handler http.Handler, target string) {
	b.ReportAllocs()
	r := httptest.NewRequest("POST", target, nil)
	r.SetPathValue("email", "ann@example.com")
	w := &discard{header: http.Header{}}
	for b.Loop() {
		clear(w.header)
		handler.ServeHTTP(w, r)
	}
}

// discard is a writer that costs nothing.
type discard struct{ header http.Header }

func (d *discard) Header() http.Header         { return d.header }
func (d *discard) Write(p []byte) (int, error) { return len(p), nil }
func (d *discard) WriteHeader(int)             {}
func (d *discard) Flush()                      {}
