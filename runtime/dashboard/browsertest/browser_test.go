package browsertest

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"os"
	"os/exec"
	"slices"
	"testing"
	"time"

	"github.com/bggen/bggen/runtime"
	"github.com/bggen/bggen/runtime/dashboard"
	"github.com/bggen/bggen/runtime/dashboard/internal/dashtest"
	"github.com/bggen/bggen/runtime/engine"
	"github.com/chromedp/cdproto/log"
	cdp "github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// A tab is one of a browser that shows a page.
type tab struct {
	t   *testing.T
	ctx context.Context
}

// browse opens a page in headless Chromium. What the browser complains of, a
// breach of the policy for one, fails the test.
func browse(t *testing.T, url string) *tab {
	t.Helper()
	path := ""
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome", "headless-shell"} {
		if found, err := exec.LookPath(name); err == nil && path == "" {
			path = found
		}
	}
	if path == "" {
		if os.Getenv("BGGEN_REQUIRE_SERVICES") == "1" {
			t.Fatal("there is no chromium: apt-get install chromium")
		}
		t.Skip("there is no chromium: apt-get install chromium")
	}
	profile, err := os.MkdirTemp("", "dashboard")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		for range 50 { // helpers of the browser may still write to it
			if os.RemoveAll(profile) == nil {
				return
			}
			time.Sleep(20 * time.Millisecond)
		}
	})
	opts := []chromedp.ExecAllocatorOption{
		chromedp.ExecPath(path), chromedp.UserDataDir(profile), chromedp.Headless, chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.NoFirstRun, chromedp.NoDefaultBrowserCheck, chromedp.WindowSize(1280, 1000), chromedp.WSURLReadTimeout(time.Minute),
	}
	for _, off := range []string{"disable-quic", "disable-background-networking", "disable-component-update", "disable-sync", "disable-dev-shm-usage", "hide-scrollbars"} {
		opts = append(opts, chromedp.Flag(off, true))
	}
	allocator, end := chromedp.NewExecAllocator(context.Background(), opts...)
	t.Cleanup(end)
	ctx, closeTab := chromedp.NewContext(allocator, chromedp.WithErrorf(t.Logf)) // of events that it does not know
	t.Cleanup(closeTab)
	t.Cleanup(func() { chromedp.Cancel(ctx) })
	ctx, cancel := context.WithTimeout(ctx, 2*time.Minute)
	t.Cleanup(cancel)
	chromedp.ListenTarget(ctx, func(event any) {
		switch e := event.(type) {
		case *cdp.EventExceptionThrown:
			t.Errorf("the script failed: %s", e.ExceptionDetails.Error())
		case *log.EventEntryAdded:
			if e.Entry.Source == log.SourceSecurity || e.Entry.Source == log.SourceJavascript {
				t.Errorf("the browser complains: %s %s", e.Entry.Text, e.Entry.URL)
			}
		}
	})
	b := &tab{t, ctx}
	b.run(log.Enable(), chromedp.Navigate(url))
	return b
}

func (b *tab) run(actions ...chromedp.Action) {
	b.t.Helper()
	if err := chromedp.Run(b.ctx, actions...); err != nil {
		b.t.Fatal(err)
	}
}

// wait waits until a script's value is true.
func (b *tab) wait(script string) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, 30*time.Second)
	defer cancel()
	if err := chromedp.Run(ctx, chromedp.Poll(script, nil)); err != nil {
		b.t.Fatalf("%v: %s\n%s", err, script, b.text("document.body.innerText"))
	}
}

// shows waits until an element has a text.
func (b *tab) shows(selector, text string) {
	b.t.Helper()
	b.wait("document.querySelector(`" + selector + "`)?.innerText.includes(`" + text + "`)")
}

func (b *tab) text(script string) (text string) {
	b.t.Helper()
	b.run(chromedp.Evaluate("String("+script+")", &text))
	return text
}

// follow clicks on what leads to another page, and waits for that.
func (b *tab) follow(selector string) {
	b.t.Helper()
	answer, err := chromedp.RunResponse(b.ctx, chromedp.Click(selector, chromedp.ByQuery))
	if err != nil {
		b.t.Fatal(err)
	}
	if answer.Status != http.StatusOK {
		b.t.Fatalf("%s led to %s: %d", selector, answer.URL, answer.Status)
	}
}

func (b *tab) live() *tab {
	b.t.Helper()
	b.shows("#state", "live")
	return b
}

func TestBrowserShowsWhatRunsAndFails(t *testing.T) {
	s := dashtest.Start(t)
	end := s.Block("shop.Resize")
	s.Add(dashtest.Fails, runtime.Named("shop.SendMail"))
	b := browse(t, s.URL).live()
	b.shows("#running tbody", "shop.Resize")
	b.shows("#failed tbody", "the mail server is not there")
	if got := b.text("document.querySelectorAll('button:not(#pause, dialog button)').length"); got != "0" {
		t.Errorf("%s buttons on a page that only shows", got)
	}
	b.run(chromedp.Evaluate("window.sameDocument = true", nil))
	s.Add(func(context.Context) error { return errors.New("<b id=evil>no</b>") }, runtime.Named("<i>name</i>"))
	end()
	b.wait("document.querySelector('#running tbody').children.length === 0")
	b.shows("#failed tbody", "<b id=evil>no</b>")
	b.shows("#announce", "A task has failed.")
	if got := b.text("window.sameDocument"); got != "true" {
		t.Error("the page was loaded again")
	}
	if got := b.text("document.querySelector('#evil, td i')"); got != "null" {
		t.Errorf("the text of a task has become an element: %s", got)
	}
	refused := b.text("1")
	b.run(chromedp.Evaluate(`fetch("retry", {method: "POST", body: new URLSearchParams({id: document.querySelector("#failed tr[data-key]").dataset.key})}).then(r => String(r.status))`,
		&refused, func(p *cdp.EvaluateParams) *cdp.EvaluateParams { return p.WithAwaitPromise(true) }))
	if refused != "403" {
		t.Errorf("a page that only shows answered a retry with %s", refused)
	}
}

func TestBrowserRetriesAndCancels(t *testing.T) {
	s := dashtest.Start(t, dashboard.Actions())
	ran := make(chan bool, 2)
	s.Add(func(context.Context) error { ran <- true; return errors.New("no") }, runtime.Named("shop.SendMail"))
	s.Add(dashtest.Fails, runtime.Named("shop.Later"), runtime.Delay(time.Hour))
	<-ran
	b := browse(t, s.URL).live()
	b.shows("#failed tbody", "shop.SendMail")
	// By the keyboard alone.
	press := func(selector string) {
		t.Helper()
		b.run(chromedp.Focus(selector, chromedp.ByQuery), chromedp.SendKeys(selector, "\r", chromedp.ByQuery))
	}
	press("#failed tbody button")
	b.shows("#question", "Retry shop.SendMail?")
	press("#ask .do")
	<-ran
	b.shows("#announce", "runs again")
	b.shows("#failed tbody", "run again")
	b.wait("document.querySelectorAll('#failed tbody tr').length === 2")

	press("#delayed tbody button")
	b.shows("#question", "Cancel shop.Later?")
	press("#ask [value=no]")
	b.wait("!document.querySelector('#ask').open")
	b.shows("#delayed tbody", "shop.Later")
	press("#delayed tbody button")
	press("#ask .do")
	b.shows("#announce", "is cancelled")
	b.wait("document.querySelector('#delayed tbody').children.length === 0")
	b.wait("document.activeElement.id === 'delayed-title'") // the keyboard stays where it was
	s.Idle()
}

func TestBrowserShowsWhatEnginesHave(t *testing.T) {
	stored := new(dashtest.Engine)
	runner := &runtime.Runner{Logger: slog.New(slog.DiscardHandler), Engine: stored}
	s := dashtest.Serve(t, runner, dashboard.New(runner, dashboard.Actions()))
	b := browse(t, s.URL).live()
	b.shows("#engine-0-failed", "Nothing has failed.")
	stored.Tasks(engine.Task{ID: "FAILED", Status: engine.Status{
		Name: "example.com/shop.SendMail", State: engine.Failed, Attempt: 3, Err: errors.New("the mail server is not there"),
	}})
	b.shows("#engine-0-failed tbody", "the mail server is not there")
	if got := b.text("document.querySelector('#engine-0-failed tbody .error a').hasAttribute('href')"); got != "false" {
		t.Error("the error of an engine's task leads somewhere")
	}
	b.run(chromedp.Click("#engine-0-failed tbody button", chromedp.ByQuery))
	b.shows("#question", "Retry shop.SendMail?")
	b.run(chromedp.Click("#ask .do", chromedp.ByQuery))
	b.shows("#announce", "runs again")
	if !slices.Contains(stored.Calls(), "retry FAILED") {
		t.Errorf("the engine was asked for %v", stored.Calls())
	}
	stored.Tasks()
	b.wait("document.querySelector('#engine-0-failed tbody').children.length === 0")
}

func TestBrowserPauses(t *testing.T) {
	s := dashtest.Start(t)
	b := browse(t, s.URL).live()
	b.run(chromedp.Click("#pause", chromedp.ByQuery))
	b.shows("#state", "paused")
	end := s.Block("shop.Resize")
	stream := s.Watch() // its second event comes when the browser's has come
	stream.Next()
	stream.Next()
	if got := b.text("document.querySelector('#running tbody').children.length"); got != "0" {
		t.Error("the page changes while it is paused")
	}
	b.run(chromedp.Click("#pause", chromedp.ByQuery))
	b.shows("#running tbody", "shop.Resize")
	end()
}

func TestBrowserWithoutScripts(t *testing.T) {
	runner := &runtime.Runner{Logger: slog.New(slog.DiscardHandler)}
	page := dashboard.New(runner, dashboard.Actions())
	s := dashtest.Serve(t, runner, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/page.js" { // chromedp itself needs scripts
			w.Header().Set("Content-Type", "text/javascript")
			return
		}
		page.ServeHTTP(w, r)
	}))
	ran := make(chan bool, 2)
	s.Add(func(context.Context) error { ran <- true; panic("no") }, runtime.Named("shop.SendMail"))
	<-ran
	s.Idle()
	b := browse(t, s.URL)
	b.follow("#failed tbody a")
	b.wait("document.querySelector('.stack')?.innerText.includes('goroutine')")
	b.follow(".act button")
	<-ran
	s.Idle()
	b.shows("#failed tbody", "run again")
}
