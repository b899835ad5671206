package browsertest

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/bggen/bggen/runtime"
	"github.com/bggen/bggen/runtime/adapter"
	"github.com/bggen/bggen/runtime/cron"
	"github.com/bggen/bggen/runtime/dashboard"
	"github.com/bggen/bggen/runtime/dashboard/internal/dashtest"
	"github.com/chromedp/chromedp"
)

// An operator does, in a browser, all that the page is for, whoever has the tasks.
func TestOperator(t *testing.T) {
	for name, of := range backends {
		t.Run(name, func(t *testing.T) { operate(t, of) })
	}
}

type mail struct {
	To string `json:"to"`
}

// A shift is what an operator works with.
type shift struct {
	backend
	*tab
	site *dashtest.Site
	ran  chan string
	over chan bool // lets what runs end
	send *adapter.TaskDef[mail]
	hold *adapter.TaskDef[mail]
}

func operate(t *testing.T, of backend) {
	runner := &runtime.Runner{Logger: dashtest.Quiet, Engine: of.open(t)}
	w := &shift{backend: of, ran: make(chan string, 10), over: make(chan bool)}
	w.site = dashtest.Serve(t, runner, dashboard.New(runner, dashboard.Actions(), dashboard.Arguments()))
	w.send, w.hold = adapter.NewTaskDef[mail]("example.com/shop.SendMail"), adapter.NewTaskDef[mail]("example.com/shop.Resize")
	w.send.Register(runner, func(_ context.Context, m mail) error {
		w.ran <- m.To
		switch m.To {
		case "busy":
			return runtime.RetryAfter(errors.New("the mail server is busy"), time.Hour)
		case "panic":
			panic("at the disco")
		case "fail":
			return runtime.Permanent(errors.New("the mail server is not there"))
		}
		return nil
	})
	w.hold.Register(runner, func(ctx context.Context, m mail) error {
		w.ran <- m.To
		select {
		case <-w.over:
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	})
	parsed, err := cron.Parse("30 2 * * 1-5")
	if err != nil {
		t.Fatal(err)
	}
	adapter.NewTaskDef[mail]("example.com/shop.Report").Periodic(func(runtime.Due) mail { return mail{"report"} }, adapter.Cron("30 2 * * 1-5", parsed)).
		Register(runner, func(_ context.Context, m mail) error { w.ran <- m.To; return nil })
	if runner.Engine != nil {
		ctx, stop := context.WithCancel(context.Background())
		worked := make(chan error, 1)
		go func() { worked <- runtime.Work(ctx, runner) }()
		t.Cleanup(func() { stop(); <-worked })
	}
	w.tab = browse(t, w.site.URL).live()
	w.lists()
	w.task()
	w.actions()
	w.bulk()
	if w.queues {
		w.pauses()
	}
	w.processes()
	w.news()
	w.schedules()
	w.time()
	close(w.over)
}

// add adds tasks, and waits until so many have begun.
func (w *shift) add(def *adapter.TaskDef[mail], to string, begins bool, opts ...runtime.TaskOption) {
	w.t.Helper()
	w.site.Do(func(bg *runtime.BackgroundTasks) { def.Enqueue(bg, mail{to}, opts) })
	if begins {
		w.begins(to)
	}
}

func (w *shift) begins(to string) {
	w.t.Helper()
	select {
	case got := <-w.ran:
		if got != to {
			w.t.Errorf("%q has begun, and not %q", got, to)
		}
	case <-time.After(30 * time.Second):
		w.t.Fatalf("%q does not begin", to)
	}
}

// at opens a page, and waits until it is live.
func (w *shift) at(path string) {
	w.t.Helper()
	w.run(chromedp.Navigate(w.site.URL + path))
	w.live()
}

// lists looks at the lists of all states.
func (w *shift) lists() {
	w.t.Helper()
	w.shows("#main", "Nothing has failed.")
	w.add(w.hold, "running", true)
	w.add(w.send, "ann", true)
	w.add(w.send, "fail", true)
	w.add(w.send, "panic", true)
	w.add(w.send, "busy", true, runtime.Attempts(3))
	w.add(w.send, "later", false, runtime.Delay(time.Hour))
	if w.queues { // a queue that is paused keeps tasks waiting
		w.at("queues")
		w.add(w.send, "first", true, runtime.Queue("slow")) // or there is no such queue yet
		w.shows("#main", "slow")
		w.confirm("tr[data-key$=slow] button", "Pause the queue slow?")
		w.shows("tr[data-key$=slow]", "paused")
		w.run(chromedp.Sleep(time.Second)) // nothing tells that the workers have heard of it
		w.add(w.send, "waiting", false, runtime.Queue("slow"))
		w.shows("tr[data-key$=slow] [data-label=Waiting]", "1")
	} else { // what is behind another one waits
		w.site.Do(func(bg *runtime.BackgroundTasks) {
			w.hold.Enqueue(bg, mail{"before"}, nil)
			w.send.Enqueue(bg, mail{"waiting"}, nil)
		})
		w.begins("before")
	}
	w.at("")
	for stage, to := range map[string]string{"running": "running", "waiting": "waiting", "delayed": "later", "retrying": "busy", "failed": "fail"} {
		w.wait("/[1-9]/.test(document.querySelector('.tiles ." + stage + " .count')?.textContent)")
		w.follow(".tiles ." + stage)
		w.shows("tbody", to)
		w.shows("tbody", w.backendName())
		w.at("")
	}
	w.follow(".tiles .done")
	w.shows("tbody", "shop.SendMail")
}

// backendName is a text that each row has.
func (w *shift) backendName() string {
	if w.queues {
		return w.name
	}
	return "shop."
}

// task looks at the page of a task, by a search.
func (w *shift) task() {
	w.t.Helper()
	w.at("list?stage=failed")
	w.run(chromedp.SetValue("[name=text]", "DISCO", chromedp.ByQuery))
	w.follow(".filter button")
	w.wait("document.querySelectorAll('tbody tr').length === 1")
	w.wait("location.search.includes('text=DISCO')")
	w.follow("tbody a")
	w.live()
	for _, want := range []string{"has failed for good", "example.com/shop.SendMail", w.name, "Runner.Do", `{"to":"panic"}`, "1", "panic: at the disco", "operator_test.go"} {
		w.shows("#main", want)
	}
	id := w.text("document.querySelector('.facts code').textContent")
	w.at("list?stage=running")
	w.run(chromedp.SetValue("[name=text]", id, chromedp.ByQuery))
	w.follow(".filter button") // a whole id leads to the task
	w.shows("h1", "has failed for good")
}

// actions does something to one task of each state.
func (w *shift) actions() {
	w.t.Helper()
	w.at("list?stage=failed&text=not+there")
	w.confirm("tbody form:first-of-type button", "Try shop.SendMail again?")
	w.begins("fail")
	w.shows("#announce", "shop.SendMail is tried again.")
	w.at("list?stage=delayed")
	w.confirm("tbody form:first-of-type button", "Run shop.SendMail now, before its time?")
	w.begins("later")
	w.shows("#main", "Nothing waits for its time.")
	w.at("list?stage=retrying")
	w.shows("tbody", "the mail server is busy")
	w.shows("tbody", "2 of 3")
	w.confirm("tbody form:nth-of-type(2) button", "Cancel shop.SendMail?")
	w.shows("#main", "Nothing is to be tried again.")
	w.at("list?stage=failed&text=disco")
	w.confirm("tbody form:last-of-type button", "Delete shop.SendMail?")
	w.shows("#main", "No task is like this.")
	w.at("list?stage=running&name=shop.Resize")
	w.shows("tbody", `{"to":"running"}`)
	w.confirm("tbody form:first-of-type button", "It runs, and is told to end.")
	w.shows("#announce", "shop.Resize was told to end.")
	w.wait("!document.querySelector('tbody')?.innerText.includes('running')")
}

// bulk tries all again that a filter shows.
func (w *shift) bulk() {
	w.t.Helper()
	for range 3 {
		w.add(w.send, "fail", true)
	}
	w.site.Until("they have failed", func() bool { return len(w.site.List("stage=failed&text=not+there&engine="+w.nameInURL()).Tasks) >= 4 })
	w.at("list?stage=failed&text=not+there&name=shop.SendMail")
	n := len(w.site.List("stage=failed&text=not+there").Tasks)
	w.wait("document.querySelector('.bulk a')")
	w.follow(".bulk a")
	w.shows("h1", "failed tasks?")
	count := w.text("document.querySelector('[name=count]').value")
	w.follow("button.do")
	for range min(n, 4) {
		w.begins("fail")
	}
	if count != "4" {
		w.t.Errorf("the question counts %s tasks, and there are 4", count)
	}
}

func (w *shift) nameInURL() string {
	if w.queues {
		return w.name
	}
	return "this+process"
}

// pauses lets the queue go on.
func (w *shift) pauses() {
	w.t.Helper()
	w.at("queues")
	w.confirm("tr[data-key$=slow] button", "Let the queue slow go on?")
	w.begins("waiting")
	w.shows("tr[data-key$=slow]", "open")
}

// processes looks at what runs this.
func (w *shift) processes() {
	w.t.Helper()
	w.add(w.hold, "shown", true)
	w.at("processes")
	w.shows("tbody", "this process")
	w.shows("tbody", "shop.Resize")
	if w.queues {
		host := w.text("document.querySelector('tbody .full').innerText.split(' ')[0]")
		w.wait("[...document.querySelectorAll('tbody tr')].some(tr => tr.innerText.includes('" + w.name + "') && tr.innerText.includes('shop.Resize') && tr.innerText.includes('" + host + "'))")
	}
}

// news follows what is said of a task that has failed.
func (w *shift) news() {
	w.t.Helper()
	w.at("list?stage=delayed")
	w.add(w.send, "fail", true)
	w.shows("#announce a", "shop.SendMail has failed.")
	w.follow("#announce a")
	w.shows("h1", "has failed for good")
	w.shows("#main", "the mail server is not there")
}

// schedules runs a periodic task now.
func (w *shift) schedules() {
	w.t.Helper()
	w.at("schedules")
	w.shows("tbody", "cron 30 2 * * 1-5")
	w.shows("tbody [data-label='Next run']", "in ")
	w.confirm("tbody button", "Start a run of shop.Report now?")
	w.begins("report")
	w.shows("#announce", "A run of shop.Report is started.")
}

// time looks at what has ended in an hour, and in a day.
func (w *shift) time() {
	w.t.Helper()
	w.at("")
	for range 2 {
		w.shows(".rates", "shop.SendMail")
		w.wait("Number([...document.querySelectorAll('.rates tr')].find(tr => tr.innerText.includes('shop.SendMail')).querySelector('[data-label=Failed]').innerText.match(/\\d+/)) >= 4")
		w.wait("document.querySelector('.charts path.line').getAttribute('d').length > 20")
		w.follow(".switch a:not([aria-current])")
	}
}
