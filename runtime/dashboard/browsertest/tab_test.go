package browsertest

import (
	"context"
	"net/http"
	"os"
	"os/exec"
	"testing"
	"time"

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
		missing(t, "there is no chromium: apt-get install chromium")
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

// click clicks on an element, of which the page is the same.
func (b *tab) click(selector string) {
	b.t.Helper()
	b.run(chromedp.Click(selector, chromedp.ByQuery))
}

// confirm clicks on a button, reads the question and says yes.
func (b *tab) confirm(selector, question string) {
	b.t.Helper()
	b.click(selector)
	b.shows("#question", question)
	b.click("#ask .do")
	b.wait("!document.querySelector('#ask').open")
}

func (b *tab) live() *tab {
	b.t.Helper()
	b.shows("#state", "live")
	return b
}
