package sse

import (
	"bufio"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/bggen/bggen/runtime"
)

func TestEvents(t *testing.T) {
	app := &App{Hub: NewHub()}
	var runner runtime.Runner
	mux := http.NewServeMux()
	Register(mux, &runner, app)
	server := httptest.NewServer(mux)
	defer server.Close()

	// The response begins when the handler listens.
	resp, err := http.Get(server.URL + "/events")
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	post, err := http.Post(server.URL+"/events", "application/json", strings.NewReader(`"hello"`))
	if err != nil {
		t.Fatal(err)
	}
	post.Body.Close()
	lines := bufio.NewScanner(resp.Body)
	if !lines.Scan() || lines.Text() != "data: hello" {
		t.Errorf("the first line is %q", lines.Text())
	}
	app.Hub.Close() // as at a shutdown
	for lines.Scan() {
	}
	if err := lines.Err(); err != nil {
		t.Errorf("the stream ends with %v", err)
	}
}
