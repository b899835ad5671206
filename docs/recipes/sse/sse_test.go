package sse

import (
	"bufio"
	"context"
	"net"
	"net/http"
	"strings"
	"testing"

	"github.com/bggen/bggen/runtime"
)

func TestEvents(t *testing.T) {
	listener, err := net.Listen("tcp", "localhost:0")
	if err != nil {
		t.Fatal(err)
	}
	app := &App{Hub: &Hub{}}
	var runner runtime.Runner
	mux := http.NewServeMux()
	Register(mux, &runner, app)
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	ended := make(chan error, 1)
	go func() { ended <- runtime.ServeListener(ctx, &http.Server{Handler: mux}, listener, &runner) }()

	// The response begins when the handler listens.
	url := "http://" + listener.Addr().String() + "/events"
	resp, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	post, err := http.Post(url, "application/json", strings.NewReader(`"hello"`))
	if err != nil {
		t.Fatal(err)
	}
	post.Body.Close()
	lines := bufio.NewScanner(resp.Body)
	for lines.Scan() && !strings.HasPrefix(lines.Text(), "data:") {
	}
	if lines.Text() != "data: hello" {
		t.Errorf("the first message is %q", lines.Text())
	}

	stop() // the stream keeps the server from nothing
	for lines.Scan() {
	}
	if err := lines.Err(); err != nil {
		t.Errorf("the stream ends with %v", err)
	}
	if err := <-ended; err != nil {
		t.Error(err)
	}
	if len(app.Hub.listeners) > 0 {
		t.Error("somebody still listens")
	}
}
