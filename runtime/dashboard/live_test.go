package dashboard_test

import (
	"context"
	"errors"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/bggen/bggen/runtime"
	"github.com/bggen/bggen/runtime/dashboard"
	"github.com/bggen/bggen/runtime/dashboard/internal/dashtest"
)

func TestEventsComeByThemselves(t *testing.T) {
	s := dashtest.Start(t)
	stream := s.Watch("list&stage=running")
	if v, _ := stream.Next(); strings.Contains(v.Main, "shop.Resize") {
		t.Errorf("%+v", v)
	}
	end := s.Block("shop.Resize")
	stream.Until("it runs", func(v dashtest.View) bool { return strings.Contains(v.Main, "shop.Resize") })
	end()
	stream.Until("it has ended", func(v dashtest.View) bool { return strings.Contains(v.Main, "Nothing runs.") })
	s.Add(dashtest.Fails, runtime.Named("example.com/shop.SendMail"))
	s.Idle()
	v := stream.Until("one has failed", func(v dashtest.View) bool { return v.News.Total == 1 })
	id := s.List("stage=failed").Tasks[0].Key
	if v.News.Name != "shop.SendMail" || v.News.Link != "list?text="+id {
		t.Errorf("%+v", v.News)
	}
}

// A thousand who look are bounded, and those who are refused see the page all the same.
func TestTooManyStreams(t *testing.T) {
	s := dashtest.Start(t)
	for range 100 {
		s.Watch("")
	}
	for range 900 {
		answer, _ := s.Get("events?page=")
		if answer.StatusCode != http.StatusServiceUnavailable || answer.Header.Get("Retry-After") == "" {
			t.Fatalf("%s", answer.Status)
		}
	}
	if answer, _ := s.Get(""); answer.StatusCode != http.StatusOK {
		t.Errorf("%s", answer.Status)
	}
}

// One who does not read keeps nobody waiting: not the runner, and not the others.
func TestDeadViewers(t *testing.T) {
	s := dashtest.Start(t)
	for range 20 {
		s.Watch("list&stage=failed") // and reads nothing
	}
	stream := s.Watch("list&stage=failed")
	for i := range 40 {
		s.Add(func(context.Context) error { return errors.New(strings.Repeat("x", 4000)) }, runtime.Named("shop.SendMail"))
		if i%10 == 9 {
			s.Idle()
		}
	}
	stream.Until("all have failed", func(v dashtest.View) bool { return v.News.Total == 40 })
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
	stream := s.Watch("list&stage=done")
	stream.Next()
	for _, name := range []string{"shop.One", "shop.Two"} { // two seconds between two
		s.Add(func(context.Context) error { return nil }, runtime.Named(name))
		stream.Until("it is there", func(v dashtest.View) bool { return strings.Contains(v.Main, name) })
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
	if answer, _ := s.Get("events?page="); answer.StatusCode != http.StatusOK {
		t.Errorf("%s", answer.Status)
	}
}
