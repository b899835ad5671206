package dashboard_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/bggen/bggen/runtime"
	"github.com/bggen/bggen/runtime/adapter"
	"github.com/bggen/bggen/runtime/dashboard"
	"github.com/bggen/bggen/runtime/dashboard/internal/dashtest"
	"github.com/bggen/bggen/runtime/engine"
)

func TestStackOfAPanic(t *testing.T) {
	s := dashtest.Start(t)
	s.Add(func(context.Context) error { panic("at the disco") }, runtime.Named("shop.Dance"))
	s.Add(dashtest.Fails, runtime.Named("shop.SendMail"))
	s.Idle()
	for _, f := range s.Data().Failed {
		_, page := s.Get("failure?id=" + f.ID)
		panicked := f.Name == "shop.Dance"
		if panicked != strings.Contains(f.Stack, "TestStackOfAPanic") || panicked != strings.Contains(page, "TestStackOfAPanic") {
			t.Errorf("%s: %s\n%s", f.Name, f.Stack, page)
		}
		if !strings.Contains(page, f.Error) || f.Attempt != 1 {
			t.Errorf("%+v: %s", f, page)
		}
	}
}

func TestAttempts(t *testing.T) {
	s := dashtest.Start(t, dashboard.Actions())
	s.Add(dashtest.Fails, runtime.Named("shop.SendMail"), runtime.Attempts(2), runtime.Backoff(1))
	s.Idle()
	d := s.Data()
	if len(d.Failed) != 1 || d.Failed[0].Attempt != 2 || len(d.Retried) != 1 || d.Retried[0].Attempt != 1 || d.Retried[0].RetryIn == 0 {
		t.Errorf("%+v", d)
	}
	if answer, _ := s.Post("retry", d.Retried[0].ID); answer.StatusCode != 404 {
		t.Errorf("an attempt that was tried again can be run once more: %s", answer.Status)
	}
	s.Add(func(context.Context) error { return runtime.RetryAfter(errors.New("busy"), time.Hour) }, runtime.Named("shop.Pay"), runtime.Attempts(2))
	v := s.Watch().Until("it waits", func(v dashtest.View) bool { return v.NamesIn("delayed") == "shop.Pay" })
	for _, sec := range v.Sections {
		if sec.Key == "retried" && sec.Rows[0].Note != "tried again after 60 min" && sec.Rows[0].Note != "tried again after 1.0 h" {
			t.Errorf("%+v", sec.Rows[0])
		}
	}
}

func TestOnErrorOfTheProgramIsCalled(t *testing.T) {
	told := ""
	runner := &runtime.Runner{Logger: slog.New(slog.DiscardHandler), OnError: func(_ context.Context, info runtime.TaskInfo, _ error) { told = info.Name }}
	s := dashtest.Serve(t, runner, dashboard.New(runner))
	s.Add(dashtest.Fails, runtime.Named("shop.SendMail"))
	s.Idle()
	if told != "shop.SendMail" || len(s.Data().Failed) != 1 {
		t.Errorf("told %q", told)
	}
}

func TestHistoryIsBounded(t *testing.T) {
	s := dashtest.Start(t)
	long := strings.Repeat("ü", 1<<20)
	for i := range 250 {
		s.Add(func(context.Context) error { return fmt.Errorf("%d %s", i, long) }, runtime.Named("shop.SendMail"))
		s.Idle()
	}
	d := s.Data()
	if len(d.Failed) != 200 || !strings.HasPrefix(d.Failed[0].Error, "249 ü") || !strings.HasPrefix(d.Failed[199].Error, "50 ü") {
		t.Errorf("%d failures", len(d.Failed))
	}
	if n := len(d.Failed[0].Error); n > 5000 {
		t.Errorf("an error has %d bytes", n)
	}
	v, size := s.Watch().Next()
	for _, sec := range v.Sections {
		if sec.Key == "failed" && (sec.Count != "250" || len(sec.Rows) != 50 || !strings.Contains(sec.More, "200 more")) {
			t.Errorf("%s, %d rows, %s", sec.Count, len(sec.Rows), sec.More)
		}
	}
	if size > 100_000 {
		t.Errorf("an event has %d bytes", size)
	}
}

type mail struct{ To string }

func TestArgumentsAreHidden(t *testing.T) {
	for _, show := range []bool{false, true} {
		opts := []dashboard.Option{dashboard.Actions()}
		if show {
			opts = append(opts, dashboard.Arguments())
		}
		s := dashtest.Start(t, opts...)
		def := adapter.NewTaskDef[mail]("shop.SendMail")
		def.Register(s.Runner, func(context.Context, mail) error { return errors.New("no") })
		s.Do(func(bg *runtime.BackgroundTasks) { def.Enqueue(bg, mail{"ann@example.com"}, nil) })
		s.Idle()
		f := s.Data().Failed[0]
		for _, path := range []string{"", "data.json", "failure?id=" + f.ID} {
			if _, body := s.Get(path); strings.Contains(body, "ann@example.com") != show {
				t.Errorf("%q with arguments shown %t: %s", path, show, body)
			}
		}
		v, _ := s.Watch().Next()
		if strings.Contains(fmt.Sprint(v), "ann@example.com") != show {
			t.Errorf("event with arguments shown %t: %v", show, v)
		}
	}
}

// What an engine runs here is shown as far as it goes through the runner.
func TestCallsOfEngines(t *testing.T) {
	s := dashtest.Start(t, dashboard.Actions(), dashboard.Arguments())
	def := adapter.NewTaskDef[mail]("example.com/shop.SendMail")
	began, end := make(chan bool), make(chan bool)
	def.Register(s.Runner, func(context.Context, mail) error { close(began); <-end; return errors.New("no") })
	stream := s.Watch() // running calls are noted while somebody looks
	stream.Next()
	over := make(chan error)
	go func() {
		ctx := engine.WithAttemptsBefore(context.Background(), 1)
		over <- s.Runner.RunCall(ctx, engine.Call{ID: "A1", Name: "example.com/shop.SendMail", Args: []byte(`{"To":"ann"}`), Attempts: 3})
	}()
	<-began
	stream.Until("it runs", func(v dashtest.View) bool { return v.NamesIn("running") == "shop.SendMail" })
	close(end)
	if err := <-over; err == nil {
		t.Fatal("it has not failed")
	}
	v := stream.Until("it has ended", func(v dashtest.View) bool { return v.NamesIn("running") == "" })
	if v.NamesIn("retried") != "shop.SendMail" {
		t.Errorf("%+v", v)
	}
	f := s.Data().Retried[0]
	if f.RetryIn != 0 || f.Handler != "" {
		t.Errorf("%+v", f)
	}
	if f.Attempt != 2 || f.Name != "example.com/shop.SendMail" {
		t.Errorf("%+v", f)
	}
	s.Runner.RunCall(context.Background(), engine.Call{ID: "A2", Name: "example.com/shop.SendMail", Args: []byte(`no`), Attempts: 1})
	if answer, text := s.Post("retry", s.Data().Failed[0].ID); answer.StatusCode != 409 || !strings.Contains(text, "engine") {
		t.Errorf("%s %s", answer.Status, text)
	}
}

// What is shown is what was added, whatever the task does to it.
func TestArgumentsOfTasksThatHaveNotEnded(t *testing.T) {
	s := dashtest.Start(t, dashboard.Arguments())
	def := adapter.NewTaskDef[*mail]("shop.SendMail")
	began, end := make(chan bool), make(chan bool)
	def.Register(s.Runner, func(_ context.Context, m *mail) error {
		m.To = "bob"
		if began != nil {
			close(began)
			began = nil
		}
		<-end
		return errors.New("no")
	})
	first := began
	s.Do(func(bg *runtime.BackgroundTasks) {
		def.Enqueue(bg, &mail{"ann"}, nil)
		def.Enqueue(bg, &mail{"eve"}, nil)
		def.Enqueue(bg, &mail{"joe"}, []runtime.TaskOption{runtime.Delay(time.Hour)})
	})
	<-first
	d := s.Data()
	for name, list := range map[string][]dashtest.Task{"ann": d.Running, "eve": d.Queued, "joe": d.Delayed} {
		if len(list) != 1 || !strings.Contains(string(list[0].Args), name) {
			t.Errorf("%s: %s", name, list[0].Args)
		}
	}
	close(end)
}
