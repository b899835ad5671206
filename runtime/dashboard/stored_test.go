package dashboard_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/bggen/bggen/runtime"
	"github.com/bggen/bggen/runtime/dashboard"
	"github.com/bggen/bggen/runtime/dashboard/internal/dashtest"
	"github.com/bggen/bggen/runtime/engine"
)

// startEngine serves the page of a runner with an engine.
func startEngine(t *testing.T, opts ...dashboard.Option) (*dashtest.Site, *dashtest.Engine) {
	stored := new(dashtest.Engine)
	runner := &runtime.Runner{Logger: slog.New(slog.DiscardHandler), Engine: stored, Engines: map[string]engine.Engine{"same": stored}}
	return dashtest.Serve(t, runner, dashboard.New(runner, opts...)), stored
}

// inEngine is one task of each state.
func inEngine() []engine.Task {
	status := func(state engine.State, attempt int, err error) engine.Status {
		return engine.Status{Name: "example.com/shop.SendMail", State: state, Attempt: attempt, Err: err}
	}
	args := json.RawMessage(`{"to":"ann@example.com"}`)
	busy := errors.New("the mail server is busy")
	return []engine.Task{
		{ID: "RUNNING", Status: status(engine.Running, 1, nil), Args: args, At: time.Now().Add(-5 * time.Second)},
		{ID: "WAITING", Status: status(engine.Queued, 2, busy), Args: args, At: time.Now().Add(time.Hour)},
		{ID: "FAILED", Status: status(engine.Failed, 3, busy), Args: args, At: time.Now().Add(-time.Minute)},
		{Status: engine.Status{Name: "others", State: engine.Queued}},
	}
}

func TestTasksOfEngines(t *testing.T) {
	t.Parallel()
	for _, shown := range []bool{false, true} {
		var opts []dashboard.Option
		if shown {
			opts = []dashboard.Option{dashboard.Actions(), dashboard.Arguments()}
		}
		s, stored := startEngine(t, opts...)
		stored.Tasks(inEngine()...)
		d := s.Data()
		if len(d.Engines) != 1 || d.Engines[0].Name != "dashtest" || d.Engines[0].Queued != 2 || d.Engines[0].Running != 1 || d.Engines[0].Failed != 1 {
			t.Fatalf("%+v", d.Engines)
		}
		tasks := d.Engines[0].Tasks
		if tasks[1].Attempt != 3 || tasks[1].Error != "the mail server is busy" || tasks[1].At == nil || tasks[3].At != nil {
			t.Errorf("%+v", tasks)
		}
		for _, l := range tasks[:3] {
			if (l.ID != "") != shown || (l.Args != nil) != shown {
				t.Errorf("shown %t: id %q, arguments %s", shown, l.ID, l.Args)
			}
		}
		_, page := s.Get("")
		if forms := strings.Count(page, `<form method="post" action="retry" class="act" data-show="act"><input type="hidden" name="id" data-value="key" value="FAILED">`); (forms == 1) != shown {
			t.Errorf("shown %t: %d buttons", shown, forms)
		}
		v, _ := s.Watch().Next()
		if v.NamesIn("engine-0-queued") != "shop.SendMail others" || v.NamesIn("engine-0-running") != "shop.SendMail" || v.NamesIn("engine-0-failed") != "shop.SendMail" {
			t.Errorf("%+v", v.Sections)
		}
		for key, want := range map[string]string{"engine-0-running": "5.", "engine-0-queued": "in 60 min", "engine-0-failed": "60 s ago"} {
			for _, sec := range v.Sections {
				if sec.Key == key && !strings.HasPrefix(sec.Rows[0].Time, want) {
					t.Errorf("%s: %s", key, sec.Rows[0].Time)
				}
			}
		}
	}
}

func TestEnginesAreAskedByThoseWhoLookOnly(t *testing.T) {
	t.Parallel()
	s, stored := startEngine(t)
	s.Idle()
	if calls := stored.Calls(); len(calls) > 0 {
		t.Errorf("nobody looks, and an engine was asked: %v", calls)
	}
	stream := s.Watch()
	stream.Next()
	for _, task := range inEngine()[:2] {
		stored.Tasks(task)
		stream.Until("it is there", func(v dashtest.View) bool {
			return v.NamesIn("engine-0-"+string(task.State)) != ""
		})
	}
	stream.End()
	for range 5 { // two who read at one moment ask once
		s.Data()
	}
	if n := len(stored.Calls()); n > 8 {
		t.Errorf("asked %d times", n)
	}
}

// An engine that does not answer, or fails, takes nothing with it.
func TestEnginesThatCannotTell(t *testing.T) {
	t.Parallel()
	s, stored := startEngine(t)
	asked, answer := make(chan bool, 1), make(chan bool)
	stored.Has(func(ctx context.Context) (engine.Listing, error) {
		asked <- true
		<-answer
		panic("no connection")
	})
	stream := s.Watch()
	<-asked
	s.Add(dashtest.Fails, runtime.Named("shop.SendMail"))
	v := stream.Until("the rest goes on", func(v dashtest.View) bool { return v.NamesIn("failed") == "shop.SendMail" })
	if got := v.Sections[len(v.Sections)-1].Empty; got != "Not known: it has not answered yet" {
		t.Errorf("%q", got)
	}
	if _, page := s.Get(""); !strings.Contains(page, "Not known: it has not answered yet") {
		t.Error("the page does not say so")
	}
	stored.Has(func(context.Context) (engine.Listing, error) { return engine.Listing{}, errors.New("no connection") })
	close(answer)
	v = stream.Until("it says what is wrong", func(v dashtest.View) bool {
		return v.Sections[len(v.Sections)-1].Empty == "Not known: no connection"
	})
	stored.Tasks()
	stream.Until("it answers", func(v dashtest.View) bool {
		return v.Sections[len(v.Sections)-1].Empty == "Nothing waits."
	})
}

// What an engine says may be what others have stored: it is shown as far as that
// goes, and takes nothing else with it.
func TestOddTasksOfEngines(t *testing.T) {
	t.Parallel()
	s, stored := startEngine(t, dashboard.Actions(), dashboard.Arguments())
	odd := engine.Task{
		ID: "ODD", Args: json.RawMessage("not json"), At: time.Date(20_000, 1, 1, 0, 0, 0, 0, time.UTC),
		Status: engine.Status{Name: `"><script>name</script>`, State: engine.Failed, Err: errors.New("<script>error</script>")},
	}
	stored.Tasks(odd, odd)
	d := s.Data()
	if len(d.Engines) != 1 || len(d.Engines[0].Tasks) != 1 || d.Engines[0].Tasks[0].Args != nil || d.Engines[0].Tasks[0].At != nil {
		t.Errorf("%+v", d.Engines)
	}
	if _, page := s.Get(""); strings.Contains(page, "<script>") {
		t.Error("the text of a task has become an element")
	}
	odd.Err = badError{}
	stored.Has(func(context.Context) (engine.Listing, error) {
		return engine.Listing{Tasks: []engine.Task{odd}}, nil
	})
	s.Watch().Until("it says that it failed", func(v dashtest.View) bool {
		return strings.HasPrefix(v.Sections[len(v.Sections)-1].Empty, "Not known: panic")
	})
	many := make([]engine.Task, 1000)
	for i := range many {
		many[i] = engine.Task{ID: fmt.Sprint(i), Status: engine.Status{State: engine.Queued}}
	}
	stored.Tasks(many...)
	s.Watch().Until("there are many", func(v dashtest.View) bool { return v.Sections[len(v.Sections)-1].Count == "1,000" })
	if d := s.Data(); len(d.Engines[0].Tasks) != 100 || d.Engines[0].Queued != 1000 {
		t.Errorf("%d of %d are listed", len(d.Engines[0].Tasks), d.Engines[0].Queued)
	}
}

type badError struct{}

func (badError) Error() string { panic("no text") }

func TestNamesOfEngines(t *testing.T) {
	t.Parallel()
	runner := &runtime.Runner{Engine: new(dashtest.Engine), Engines: map[string]engine.Engine{"dashtest": new(dashtest.Engine), "": new(dashtest.Engine), "a <b>": new(dashtest.Engine)}}
	s := dashtest.Serve(t, runner, dashboard.New(runner))
	var names []string
	for _, e := range s.Data().Engines {
		names = append(names, e.Name)
	}
	if got := strings.Join(names, ", "); got != "dashtest, dashtest (2), a <b>, dashtest (3)" {
		t.Errorf("%s", got)
	}
	_, page := s.Get("")
	for i := range 4 {
		if n := strings.Count(page, fmt.Sprintf(`id="engine-%d-running"`, i)); n != 1 {
			t.Errorf("%d sections are that of engine %d", n, i)
		}
	}
}

// One engine that does not answer, or cannot, keeps another from nothing.
func TestSeveralEngines(t *testing.T) {
	t.Parallel()
	first, second := new(dashtest.Engine), new(dashtest.Engine)
	runner := &runtime.Runner{Engine: first, Engines: map[string]engine.Engine{"second": second}, Logger: slog.New(slog.DiscardHandler)}
	s := dashtest.Serve(t, runner, dashboard.New(runner, dashboard.Actions()))
	over := make(chan bool)
	defer close(over)
	first.Has(func(context.Context) (engine.Listing, error) { <-over; return engine.Listing{}, nil })
	first.Broken(errors.New("connection refused"))
	second.Tasks(inEngine()...)
	d := s.Data()
	if len(d.Engines) != 2 || d.Engines[0].Error == "" || d.Engines[1].Running != 1 {
		t.Errorf("%+v", d.Engines)
	}
	if answer, text := s.Post("retry", "FAILED"); answer.StatusCode != 200 {
		t.Errorf("%s %s", answer.Status, text)
	}
	if answer, text := s.Post("retry", "ANOTHER"); answer.StatusCode != 502 || !strings.Contains(text, "connection refused") {
		t.Errorf("%s %s", answer.Status, text)
	}
	if answer, text := s.Post("cancel", "WAITING"); answer.StatusCode != 200 {
		t.Errorf("%s %s", answer.Status, text)
	}
}

// A page has no button for what an engine cannot.
func TestEnginesThatOnlyList(t *testing.T) {
	t.Parallel()
	stored := new(dashtest.Engine)
	stored.Tasks(inEngine()...)
	runner := &runtime.Runner{Engine: onlyLists{stored, stored}}
	s := dashtest.Serve(t, runner, dashboard.New(runner, dashboard.Actions()))
	if _, page := s.Get(""); strings.Contains(page, "FAILED\"><button>") || strings.Contains(page, "WAITING\"><button>") {
		t.Error("there are buttons for what the engine cannot")
	}
}

type onlyLists struct {
	engine.Engine
	engine.Lister
}

func TestActionsOnTasksOfEngines(t *testing.T) {
	t.Parallel()
	s, stored := startEngine(t)
	for _, path := range []string{"retry", "cancel"} {
		if answer, _ := s.Post(path, "FAILED"); answer.StatusCode != 403 {
			t.Errorf("%s: %s", path, answer.Status)
		}
	}
	if calls := stored.Calls(); len(calls) > 0 {
		t.Errorf("%v", calls)
	}
	s, stored = startEngine(t, dashboard.Actions())
	for _, c := range []struct {
		path, id string
		want     int
	}{
		{"retry", "FAILED", 200}, {"retry", "WAITING", 404}, {"cancel", "WAITING", 200}, {"cancel", "FAILED", 409},
	} {
		if answer, text := s.Post(c.path, c.id); answer.StatusCode != c.want {
			t.Errorf("%s %s: %s %s", c.path, c.id, answer.Status, text)
		}
	}
	if got, want := stored.Calls(), []string{"retry FAILED", "retry WAITING", "cancel WAITING", "cancel FAILED"}; !slices.Equal(got, want) {
		t.Errorf("%v", got)
	}
}
