package dashboard_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/bggen/bggen/runtime"
	"github.com/bggen/bggen/runtime/dashboard"
	"github.com/bggen/bggen/runtime/dashboard/internal/dashtest"
	"github.com/bggen/bggen/runtime/engine"
)

// itemOf is a task of an engine, the later the smaller its number is.
func itemOf(n int, stage engine.Stage, name string) engine.Item {
	at := time.Now().Add(-time.Duration(2*n) * time.Minute)
	t := engine.Item{
		Key: fmt.Sprint("key", n), Stage: stage, Queue: "mails", Attempts: 5, Added: at, Started: at, Ended: at, Due: at,
		Can:  []engine.Action{engine.ActionRetry, engine.ActionCancel, engine.ActionDelete, engine.ActionRun},
		Meta: map[string]string{"traceparent": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"},
	}
	t.ID, t.Name, t.State, t.Attempt = fmt.Sprintf("ID%03d", n), name, engine.Failed, 2
	t.Args = json.RawMessage(`{"to":"ann@example.com"}`)
	t.Failures = []engine.Attempt{{At: at, Number: 2, Error: "the mail server is busy", Stack: "goroutine 1"}}
	t.Err = errors.New("the mail server is busy")
	return t
}

// startEngine serves the page of a runner with an engine.
func startEngine(t *testing.T, e engine.Engine, opts ...dashboard.Option) *dashtest.Site {
	runner := &runtime.Runner{Logger: dashtest.Quiet, Engine: e, Engines: map[string]engine.Engine{"same": e}}
	return dashtest.Serve(t, runner, dashboard.New(runner, opts...))
}

func TestTasksOfEngines(t *testing.T) {
	for _, shown := range []bool{false, true} {
		var opts []dashboard.Option
		if shown {
			opts = []dashboard.Option{dashboard.Actions(), dashboard.Arguments()}
		}
		store := &dashtest.Store{Beyond: true}
		store.Put(itemOf(1, engine.StageFailed, "example.com/shop.SendMail"), itemOf(2, engine.StageRunning, "example.com/shop.Resize"))
		s := startEngine(t, store, opts...)
		l := s.List("stage=failed")
		if len(l.Tasks) != 1 || !l.Counts["failed"].More || l.Counts["failed"].N != 1 {
			t.Fatalf("%+v", l)
		}
		f := l.Tasks[0]
		if f.Engine != "dashtest" || f.Key != "key1" || f.ID != "ID001" || f.Queue != "mails" || f.Attempt != 2 || f.Attempts != 5 || f.Error != "the mail server is busy" ||
			f.Trace != "0af7651916cd43dd8448eb211c80319c" || (f.Args != nil) != shown || (f.Can != nil) != shown {
			t.Errorf("shown %t: %+v", shown, f)
		}
		_, page := s.Get("list?stage=failed")
		if forms := strings.Count(page, `<input type="hidden" name="key" value="key1">`); (forms > 0) != shown {
			t.Errorf("shown %t: %d buttons", shown, forms)
		}
		_, page = s.Get("task?engine=dashtest&key=key1")
		for _, want := range []string{"ID001", "mails", "2 of 5", "0af7651916cd43dd8448eb211c80319c", "the mail server is busy", "goroutine 1"} {
			if !strings.Contains(page, want) {
				t.Errorf("the page of the task does not have %q", want)
			}
		}
		if strings.Contains(page, "ann@example.com") != shown {
			t.Errorf("shown %t: the arguments are not as they should be", shown)
		}
		_, first := s.Get("")
		if !strings.Contains(first, `<span class="count">1&#43;</span> Failed`) {
			t.Errorf("the tiles do not count the tasks of engines: %s", first)
		}
	}
}

// The first ones of all sources come first, page after page, and each once.
func TestPagesOfSeveralSources(t *testing.T) {
	one, two := new(dashtest.Store), new(dashtest.Store)
	for i := range 130 {
		store := one
		if i%3 == 0 || i > 100 {
			store = two
		}
		store.Put(itemOf(i, engine.StageFailed, fmt.Sprint("shop.Task", i)))
	}
	runner := &runtime.Runner{Logger: dashtest.Quiet, Engines: map[string]engine.Engine{"one": one, "two": two}}
	s := dashtest.Serve(t, runner, dashboard.New(runner))
	s.Add(dashtest.Fails, runtime.Named("shop.Mine"))
	s.Idle()
	var names []string
	query, pages := "stage=failed", 0
	for {
		l := s.List(query)
		for _, task := range l.Tasks {
			names = append(names, strings.TrimPrefix(task.Name, "shop.Task"))
		}
		if pages++; l.Next == "" {
			break
		}
		if len(l.Tasks) != 50 {
			t.Errorf("page %d has %d tasks", pages, len(l.Tasks))
		}
		query = "stage=failed&after=" + l.Next
	}
	want := []string{}
	for i := range 130 {
		want = append(want, fmt.Sprint(i))
	}
	want = slices.Insert(want, 1, "shop.Mine")
	if names[0] == "shop.Mine" { // it failed a moment ago, as the first one did
		want[0], want[1] = want[1], want[0]
	}
	if !slices.Equal(names, want) || pages != 3 {
		t.Errorf("%d pages: %v", pages, names)
	}
	if l := s.List("stage=failed&engine=two"); len(l.Tasks) != 50 || l.Tasks[1].Engine != "two" || l.Tasks[1].Name != "shop.Task3" {
		t.Errorf("%+v", l.Tasks[1])
	}
	if l := s.List("stage=failed&text=ID099"); len(l.Tasks) != 1 {
		t.Errorf("%d tasks", len(l.Tasks))
	}
}

func TestQueuesAndProcesses(t *testing.T) {
	store := new(dashtest.Store)
	store.Put(itemOf(1, engine.StageWaiting, "shop.SendMail"), itemOf(3, engine.StageRunning, "shop.Resize"))
	s := startEngine(t, store, dashboard.Actions())
	_, page := s.Get("queues")
	for _, want := range []string{"mails", `href="list?engine=dashtest&amp;queue=mails&amp;stage=waiting">1`, "2 min ago", ">Pause<"} {
		if !strings.Contains(page, want) {
			t.Errorf("the queues do not have %q: %s", want, page)
		}
	}
	form := url.Values{"engine": {"dashtest"}, "queue": {"mails"}, "do": {"pause"}}
	if answer, text := s.Post("pause", form); answer.StatusCode != 200 || !strings.HasPrefix(text, "The queue mails is paused") {
		t.Errorf("%s %s", answer.Status, text)
	}
	if _, page := s.Get("queues"); !strings.Contains(page, "paused") || !strings.Contains(page, ">Go on<") {
		t.Error("the queue is not paused")
	}
	form.Set("do", "resume")
	if answer, text := s.Post("pause", form); answer.StatusCode != 200 || text != "The queue mails goes on.\n" {
		t.Errorf("%s %s", answer.Status, text)
	}
	s.Block("shop.Here")
	_, page = s.Get("processes")
	for _, want := range []string{"this process", "shop.Here", "web-2", "pid 4711", "shop.Resize", "1 of 8", "tells of one process"} {
		if !strings.Contains(page, want) {
			t.Errorf("the processes do not have %q", want)
		}
	}
}

// An engine that only lists, as NATS does.
func TestEnginesThatList(t *testing.T) {
	stored := new(dashtest.Engine)
	status := func(state engine.State, attempt int) engine.Status {
		return engine.Status{Name: "example.com/shop.SendMail", State: state, Attempt: attempt, Err: errors.New("busy")}
	}
	stored.Tasks(
		engine.Task{ID: "RUNNING", Status: status(engine.Running, 1), At: time.Now().Add(-5 * time.Second)},
		engine.Task{ID: "WAITING", Status: status(engine.Queued, 0), At: time.Now().Add(-time.Hour)},
		engine.Task{ID: "DELAYED", Status: status(engine.Queued, 0), At: time.Now().Add(time.Hour)},
		engine.Task{ID: "RETRYING", Status: status(engine.Queued, 2), At: time.Now().Add(time.Hour)},
		engine.Task{ID: "FAILED", Status: status(engine.Failed, 3), At: time.Now().Add(-time.Minute)},
		engine.Task{Status: engine.Status{Name: "others", State: engine.Queued}},
	)
	s := startEngine(t, stored, dashboard.Actions())
	for stage, want := range map[string]int{"running": 1, "waiting": 2, "delayed": 1, "retrying": 1, "failed": 1, "done": 0} {
		if l := s.List("stage=" + stage); len(l.Tasks) != want || l.Counts[stage].N != want {
			t.Errorf("%s: %+v", stage, l)
		}
	}
	for _, c := range []struct {
		do, key string
		want    int
	}{
		{"retry", "FAILED", 200}, {"cancel", "WAITING", 200}, {"cancel", "RUNNING", 409}, {"run", "DELAYED", 409}, {"delete", "FAILED", 409},
	} {
		if answer, text := s.Post("act", url.Values{"engine": {"dashtest"}, "key": {c.key}, "do": {c.do}}); answer.StatusCode != c.want {
			t.Errorf("%s %s: %s %s", c.do, c.key, answer.Status, text)
		}
	}
	stored.Broken(errors.New("connection refused"))
	if answer, text := s.Post("act", url.Values{"engine": {"dashtest"}, "key": {"FAILED"}, "do": {"retry"}}); answer.StatusCode != 502 || !strings.Contains(text, "connection refused") {
		t.Errorf("%s %s", answer.Status, text)
	}
	if _, page := s.Get("processes"); !strings.Contains(page, "does not tell which processes work for it") {
		t.Error("the page of the processes says nothing of the engine")
	}
}

type onlyStores struct{ engine.Engine }

type onlyWorks struct {
	engine.Engine
	engine.Worker
}

func TestEnginesThatCannotBeListed(t *testing.T) {
	runner := &runtime.Runner{Logger: dashtest.Quiet, Engines: map[string]engine.Engine{
		"celery": onlyStores{new(dashtest.Engine)}, "own": onlyWorks{Engine: new(dashtest.Engine)},
	}}
	s := dashtest.Serve(t, runner, dashboard.New(runner))
	_, page := s.Get("")
	for _, want := range []string{"<b>celery</b> publishes only: its tasks cannot be listed", "<b>own</b> its tasks cannot be listed"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page does not say %q", want)
		}
	}
	if _, page := s.Get("list"); strings.Contains(page, "<option>celery") {
		t.Error("an engine that cannot be listed can be chosen")
	}
}

// An engine that does not answer, or fails, takes nothing with it.
func TestEnginesThatFail(t *testing.T) {
	for name, list := range map[string]func(context.Context) (engine.Listing, error){
		"no connection":                 func(context.Context) (engine.Listing, error) { return engine.Listing{}, errors.New("no connection") },
		"panic: no connection":          func(context.Context) (engine.Listing, error) { panic("no connection") },
		"panic: no text":                func(context.Context) (engine.Listing, error) { return engine.Listing{}, badError{} },
		"it has not answered within 2s": func(ctx context.Context) (engine.Listing, error) { <-ctx.Done(); select {} },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			stored := new(dashtest.Engine)
			stored.Has(list)
			s := startEngine(t, stored)
			s.Add(dashtest.Fails, runtime.Named("shop.SendMail"))
			s.Idle()
			began := time.Now()
			l := s.List("stage=failed")
			if len(l.Tasks) != 1 || len(l.Unknown) != 1 || l.Unknown[0].Engine != "dashtest" || l.Unknown[0].Text != "cannot be asked: "+name {
				t.Errorf("%+v", l)
			}
			_, page := s.Get("list?stage=failed")
			if !strings.Contains(page, "cannot be asked: "+name) || !strings.Contains(page, "shop.SendMail") {
				t.Errorf("the page says %s", page)
			}
			if _, page := s.Get(""); !strings.Contains(page, "<b>dashtest</b>") {
				t.Error("the first page says nothing")
			}
			for range 5 { // one that has not answered is left alone
				s.List("stage=failed")
			}
			if late := time.Since(began); late > 15*time.Second {
				t.Errorf("the pages took %v", late)
			}
		})
	}
}

type badError struct{}

func (badError) Error() string { panic("no text") }

// What an engine says may be what others have stored: it is shown as far as that
// goes, and takes nothing else with it.
func TestOddTasksOfEngines(t *testing.T) {
	store := new(dashtest.Store)
	odd := itemOf(1, engine.StageFailed, `"><script>name</script>`)
	odd.Args, odd.Ended = json.RawMessage("not json"), time.Date(20_000, 1, 1, 0, 0, 0, 0, time.UTC)
	odd.Err, odd.Key = errors.New("<script>\xff error"), `"><script>`
	store.Put(odd, itemOf(2, engine.StageFailed, ""))
	s := startEngine(t, store, dashboard.Actions(), dashboard.Arguments())
	l := s.List("stage=failed")
	if len(l.Tasks) != 2 || l.Tasks[1].Args != nil && string(l.Tasks[1].Args) == "not json" {
		t.Errorf("%+v", l)
	}
	for _, path := range []string{"list?stage=failed", "", "task?engine=dashtest&key=%22%3E%3Cscript%3E"} {
		if _, page := s.Get(path); strings.Contains(page, "<script>") {
			t.Errorf("%q: the text of a task has become an element", path)
		}
	}
}

func TestNamesOfEngines(t *testing.T) {
	runner := &runtime.Runner{Engine: new(dashtest.Store), Engines: map[string]engine.Engine{"dashtest": new(dashtest.Store), "": new(dashtest.Store), "a <b>": new(dashtest.Store)}}
	s := dashtest.Serve(t, runner, dashboard.New(runner))
	_, page := s.Get("list")
	for _, want := range []string{"<option>this process</option>", "<option>dashtest</option>", "<option>dashtest (2)</option>", "<option>a &lt;b&gt;</option>", "<option>dashtest (3)</option>"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page does not have %s", want)
		}
	}
}

func TestEnginesAreAskedByThoseWhoLookOnly(t *testing.T) {
	stored := new(dashtest.Engine)
	s := startEngine(t, stored)
	s.Idle()
	if calls := stored.Calls(); len(calls) > 0 {
		t.Errorf("nobody looks, and an engine was asked: %v", calls)
	}
}
