package dashboard_test

import (
	"context"
	"net"
	"net/http"
	"testing"
	"time"

	"github.com/bggen/bggen/runtime"
	"github.com/bggen/bggen/runtime/dashboard"
)

func TestEventsComeByThemselves(t *testing.T) {
	s := newSite(t)
	stream := s.watch()
	if v, _ := stream.next(); v.names("running") != "" {
		t.Errorf("%+v", v)
	}
	end := s.block("shop.Resize")
	stream.until("it runs", func(v view) bool { return v.names("running") == "shop.Resize" })
	end()
	v := stream.until("it has ended, and is counted", func(v view) bool { return v.names("running") == "" && len(v.Names) == 1 })
	if v.Names[0].Name != "shop.Resize" {
		t.Errorf("%+v", v.Names)
	}
}

func TestTooManyStreams(t *testing.T) {
	s := newSite(t)
	for range 100 {
		s.watch()
	}
	answer, _ := s.get("events")
	if answer.StatusCode != http.StatusServiceUnavailable || answer.Header.Get("Retry-After") == "" {
		t.Errorf("%s", answer.Status)
	}
}

// A server does not wait for those who look, and its timeouts do not end their
// streams.
func TestStreamsAndTheServer(t *testing.T) {
	runner := new(runtime.Runner)
	listener, err := net.Listen("tcp", "localhost:0")
	if err != nil {
		t.Fatal(err)
	}
	const timeout = 100 * time.Millisecond
	server := &http.Server{Handler: dashboard.New(runner), ReadTimeout: timeout, WriteTimeout: timeout}
	served := make(chan error)
	go func() { served <- server.Serve(listener) }()
	s := &site{t, runner, "http://" + listener.Addr().String() + "/"}
	stream := s.watch()
	for range 3 { // a second between two
		stream.next()
	}
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	if err := server.Shutdown(ctx); err != nil {
		t.Errorf("the server waited for the stream: %v", err)
	}
	<-served
	for stream.text.Scan() {
	}
	if err := stream.text.Err(); err != nil {
		t.Errorf("the stream did not end as it should: %v", err)
	}
}

func TestEventsOfAWriterThatCannotFlush(t *testing.T) {
	runner := new(runtime.Runner)
	s := serve(t, runner, http.TimeoutHandler(dashboard.New(runner), time.Minute, ""))
	if answer, _ := s.get("events"); answer.StatusCode != http.StatusOK {
		t.Errorf("%s", answer.Status)
	}
}
