package dashboard_test

import (
	"context"
	"net"
	"net/http"
	"testing"
	"time"

	"github.com/bggen/bggen/runtime"
	"github.com/bggen/bggen/runtime/dashboard"
	"github.com/bggen/bggen/runtime/dashboard/internal/dashtest"
)

func TestEventsComeByThemselves(t *testing.T) {
	s := dashtest.Start(t)
	stream := s.Watch()
	if v, _ := stream.Next(); v.NamesIn("running") != "" {
		t.Errorf("%+v", v)
	}
	end := s.Block("shop.Resize")
	stream.Until("it runs", func(v dashtest.View) bool { return v.NamesIn("running") == "shop.Resize" })
	end()
	v := stream.Until("it has ended, and is counted", func(v dashtest.View) bool { return v.NamesIn("running") == "" && len(v.Names) == 1 })
	if v.Names[0].Name != "shop.Resize" {
		t.Errorf("%+v", v.Names)
	}
}

func TestTooManyStreams(t *testing.T) {
	s := dashtest.Start(t)
	for range 100 {
		s.Watch()
	}
	answer, _ := s.Get("events")
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
	s := dashtest.At(t, runner, "http://"+listener.Addr().String()+"/")
	stream := s.Watch()
	for range 3 { // a second between two
		stream.Next()
	}
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	if err := server.Shutdown(ctx); err != nil {
		t.Errorf("the server waited for the stream: %v", err)
	}
	<-served
	if err := stream.Drain(); err != nil {
		t.Errorf("the stream did not end as it should: %v", err)
	}
}

func TestEventsOfAWriterThatCannotFlush(t *testing.T) {
	runner := new(runtime.Runner)
	s := dashtest.Serve(t, runner, http.TimeoutHandler(dashboard.New(runner), time.Minute, ""))
	if answer, _ := s.Get("events"); answer.StatusCode != http.StatusOK {
		t.Errorf("%s", answer.Status)
	}
}
