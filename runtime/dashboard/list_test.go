package dashboard_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/bggen/bggen/runtime"
	"github.com/bggen/bggen/runtime/adapter"
	"github.com/bggen/bggen/runtime/dashboard"
	"github.com/bggen/bggen/runtime/dashboard/internal/dashtest"
)

func TestTasksOfEachStage(t *testing.T) {
	s := dashtest.Start(t)
	end := s.Block("example.com/shop.Resize")
	s.Add(dashtest.Fails, runtime.Named("example.com/shop.Later"), runtime.Delay(time.Hour))
	s.Add(func(context.Context) error { return runtime.RetryAfter(errors.New("come again"), time.Hour) }, runtime.Named("example.com/shop.Again"), runtime.Attempts(3))
	s.Add(dashtest.Fails, runtime.Named("example.com/shop.SendMail"))
	s.Add(func(context.Context) error { return nil }, runtime.Named("example.com/shop.Count"))
	over := make(chan bool)
	t.Cleanup(func() { close(over) })
	began := make(chan bool)
	s.Do(func(bg *runtime.BackgroundTasks) {
		bg.Add(func(context.Context) error { close(began); <-over; return nil }, runtime.Named("example.com/shop.First"))
		bg.Add(dashtest.Fails, runtime.Named("example.com/shop.Second"))
	})
	<-began
	s.Until("all have come to their stage", func() bool {
		return s.Names("failed") != "" && s.Names("retrying") != "" && s.Names("done") != ""
	})
	for stage, want := range map[string]string{
		"running":  "example.com/shop.Resize example.com/shop.First",
		"waiting":  "example.com/shop.Second",
		"delayed":  "example.com/shop.Later",
		"retrying": "example.com/shop.Again",
		"failed":   "example.com/shop.SendMail",
		"done":     "example.com/shop.Count",
	} {
		l := s.List("stage=" + stage)
		if l.Names() != want || l.Counts[stage].N != len(l.Tasks) || l.Next != "" {
			t.Errorf("%s: %s, %+v", stage, l.Names(), l)
		}
		_, page := s.Get("list?stage=" + stage)
		for _, name := range strings.Fields(want) {
			if !strings.Contains(page, name) {
				t.Errorf("%s: the page does not have %s", stage, name)
			}
		}
		_, first := s.Get("")
		if tile := fmt.Sprintf(`<a href="list?stage=%s" class="%s"`, stage, stage); !strings.Contains(first, tile) {
			t.Errorf("the first page does not have %s", tile)
		}
	}
	r := s.List("stage=retrying").Tasks[0]
	if r.Attempt != 2 || r.Attempts != 3 || r.Error != "come again" || r.Due == nil || time.Until(*r.Due) < 50*time.Minute {
		t.Errorf("%+v", r)
	}
	if r := s.List("stage=running").Tasks[0]; r.Started == nil || r.Handler != "Runner.Do" || r.ID == "" {
		t.Errorf("one that began when nobody looked: %+v", r)
	}
	end()
	s.Until("it has ended", func() bool { return s.Names("running") == "example.com/shop.First" })
}

func TestFilters(t *testing.T) {
	s := dashtest.Start(t)
	for i := range 60 {
		name := []string{"example.com/shop.SendMail", "example.com/shop.Pay"}[i%2]
		s.Add(func(context.Context) error { return fmt.Errorf("the SERVER %d is <not> there", i) }, runtime.Named(name))
		s.Idle()
	}
	id := s.List("stage=failed").Tasks[7].ID
	for query, want := range map[string]int{
		"":                                   50,
		"name=example.com/shop.Pay":          30,
		"name=shop.Pay":                      30,
		"name=Pay":                           0,
		"text=server+17":                     1,
		"text=+SERVER+17+":                   1,
		"text=%3Cnot%3E":                     50,
		"text=" + strings.ToLower(id[2:20]):  1,
		"name=shop.Pay&text=server+17":       1,
		"name=shop.Pay&text=server+18":       0,
		"queue=mails":                        0,
		"engine=this+process&text=server+17": 1,
		"engine=none":                        0,
	} {
		if l := s.List("stage=failed&" + query); len(l.Tasks) != want {
			t.Errorf("%s: %d tasks", query, len(l.Tasks))
		}
	}
	// The page says the filter, and its links keep it.
	_, page := s.Get("list?stage=failed&text=%3Cnot%3E&name=shop.Pay")
	for _, want := range []string{`value="&lt;not&gt;"`, `href="list?name=example.com%2Fshop.Pay&amp;stage=delayed&amp;text=%3Cnot%3E"`, `href="list?stage=failed">Show all`} {
		if !strings.Contains(page, want) {
			t.Errorf("the page does not have %s", want)
		}
	}
	if answer, _ := s.Get("list?stage=running&text=" + id); answer.StatusCode != http.StatusSeeOther || answer.Header.Get("Location") != "./task?engine=this+process&key="+id {
		t.Errorf("a whole id leads to %s", answer.Header.Get("Location"))
	}
}

func TestPagesOfTasks(t *testing.T) {
	s := dashtest.Start(t)
	over := make(chan bool)
	t.Cleanup(func() { close(over) })
	began := make(chan bool)
	s.Do(func(bg *runtime.BackgroundTasks) {
		bg.Add(func(context.Context) error { close(began); <-over; return nil })
		for i := range 10_000 {
			bg.Add(dashtest.Fails, runtime.Named(fmt.Sprint("example.com/shop.Task", i)))
		}
	})
	<-began
	seen := map[string]bool{}
	query, pages := "stage=waiting", 0
	for {
		l := s.List(query)
		if len(l.Tasks) != 50 || l.Counts["waiting"].N != 10_000 {
			t.Fatalf("%d tasks of %d", len(l.Tasks), l.Counts["waiting"].N)
		}
		for _, task := range l.Tasks {
			seen[task.Name] = true
		}
		pages++
		if query = "stage=waiting&after=" + l.Next; l.Next == "" || pages == 10 {
			break
		}
	}
	if len(seen) != 500 || !seen["example.com/shop.Task499"] {
		t.Errorf("ten pages have %d tasks", len(seen))
	}
	answer, page := s.Get("list?stage=waiting")
	if answer.StatusCode != http.StatusOK || len(page) > 100_000 || !strings.Contains(page, "10,000") || !strings.Contains(page, `rel="next">Next page`) {
		t.Errorf("%s, %d bytes", answer.Status, len(page))
	}
}

func TestPageOfATask(t *testing.T) {
	s := dashtest.Start(t, dashboard.Arguments(), dashboard.Actions())
	def := adapter.NewTaskDef[struct{ To string }]("example.com/shop.SendMail")
	def.Register(s.Runner, func(ctx context.Context, _ struct{ To string }) error {
		if info, _ := runtime.InfoOf(ctx); info.Attempt == 1 {
			return errors.New("the mail server is busy")
		}
		panic("at the disco")
	})
	var id runtime.TaskID
	s.Do(func(bg *runtime.BackgroundTasks) {
		id = def.Enqueue(bg, struct{ To string }{"ann@example.com"}, []runtime.TaskOption{runtime.Attempts(2), runtime.Backoff(1)})
	})
	s.Idle()
	task := s.Task(id.String())
	if task.ID != id.String() || task.Stage != "failed" || task.Attempt != 2 || len(task.Failures) != 2 || string(task.Args) == "" {
		t.Fatalf("%+v", task)
	}
	if a, b := task.Failures[0], task.Failures[1]; a.Error != "the mail server is busy" || a.Stack != "" || b.Error != "panic: at the disco" || !strings.Contains(b.Stack, "TestPageOfATask") {
		t.Errorf("%+v", task.Failures)
	}
	_, page := s.Get("task?engine=this+process&key=" + id.String())
	for _, want := range []string{id.String(), "example.com/shop.SendMail", "Runner.Do", "ann@example.com", "the mail server is busy", "at the disco", "TestPageOfATask", "Try again", "Delete", "2 of 2", "has failed for good"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page does not have %q", want)
		}
	}
	if n := len(s.List("stage=failed").Tasks); n != 1 {
		t.Errorf("the task is listed %d times", n)
	}
}

func TestArgumentsAreHidden(t *testing.T) {
	s := dashtest.Start(t)
	def := adapter.NewTaskDef[struct{ To string }]("shop.SendMail")
	def.Register(s.Runner, func(context.Context, struct{ To string }) error { return errors.New("no") })
	s.Do(func(bg *runtime.BackgroundTasks) {
		def.Enqueue(bg, struct{ To string }{"ann@example.com"}, nil)
		def.Enqueue(bg, struct{ To string }{"ann@example.com"}, []runtime.TaskOption{runtime.Delay(time.Hour)})
	})
	s.Until("one has failed", func() bool { return s.Names("failed") != "" })
	for _, path := range append(everyPage(s), "data.json", "list.json?stage=failed", "list.json?stage=delayed") {
		if _, text := s.Get(path); strings.Contains(text, "ann@example.com") {
			t.Errorf("%s has the arguments", path)
		}
	}
}

func TestHistoryIsBounded(t *testing.T) {
	s := dashtest.Start(t)
	long := strings.Repeat("ü", 1<<20)
	for i := range 250 {
		s.Add(func(context.Context) error { return fmt.Errorf("%d %s", i, long) }, runtime.Named("shop.SendMail"))
		s.Idle()
	}
	first := s.List("stage=failed")
	if first.Counts["failed"].N != 200 || !strings.HasPrefix(first.Tasks[0].Error, "249 ü") || len(first.Tasks[0].Error) > 5000 {
		t.Errorf("%d failures, %.20s", first.Counts["failed"].N, first.Tasks[0].Error)
	}
}

func TestOnErrorOfTheProgramIsCalled(t *testing.T) {
	told := ""
	runner := &runtime.Runner{Logger: dashtest.Quiet, OnError: func(_ context.Context, info runtime.TaskInfo, _ error) { told = info.Name }}
	s := dashtest.Serve(t, runner, dashboard.New(runner))
	s.Add(dashtest.Fails, runtime.Named("shop.SendMail"))
	s.Idle()
	if told != "shop.SendMail" || s.Names("failed") != "shop.SendMail" {
		t.Errorf("told %q", told)
	}
}
