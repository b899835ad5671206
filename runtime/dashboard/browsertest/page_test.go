package browsertest

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/bggen/bggen/runtime"
	"github.com/bggen/bggen/runtime/dashboard"
	"github.com/bggen/bggen/runtime/dashboard/internal/dashtest"
	"github.com/chromedp/chromedp"
)

func TestPageIsKeptUpToDate(t *testing.T) {
	s := dashtest.Start(t)
	end := s.Block("shop.Resize")
	s.Add(dashtest.Fails, runtime.Named("shop.SendMail"))
	s.Until("it has failed", func() bool { return s.Names("failed") != "" })
	b := browse(t, s.URL).live()
	b.shows(".tiles .running", "1")
	b.shows(".tiles .failed", "1")
	b.shows("#main", "the mail server is not there")
	b.run(chromedp.Evaluate("window.sameDocument = true", nil))
	s.Add(func(context.Context) error { return errors.New("<b id=evil>no</b>") }, runtime.Named("<i>name</i>"))
	b.shows("#main", "<b id=evil>no</b>")
	b.shows(".tiles .failed", "2")
	// It says which task has failed, and leads to it.
	b.shows("#announce a", "has failed.")
	if got := b.text("window.sameDocument"); got != "true" {
		t.Error("the page was loaded again")
	}
	if got := b.text("document.querySelector('#evil, td i')"); got != "null" {
		t.Errorf("the text of a task has become an element: %s", got)
	}
	if got := b.text("document.querySelectorAll('form[method=post]').length"); got != "0" {
		t.Errorf("%s forms on a page that only shows", got)
	}
	b.follow("#announce a")
	b.shows("#main", "<i>name</i>")
	b.follow("header a[href='list']")
	b.shows("#main", "shop.Resize")
	end()
	b.shows("#main", "Nothing runs.")
}

// What is said covers no row, and comes once for many failures.
func TestAnnouncementsAreCalm(t *testing.T) {
	s := dashtest.Start(t)
	b := browse(t, s.URL+"list?stage=failed").live()
	b.run(chromedp.Evaluate(`window.said = []; new MutationObserver(() => { const text = document.querySelector("#announce").textContent; if (text) said.push(text) }).observe(document.querySelector("#announce"), {childList: true}); 0`, nil))
	top := b.text("document.querySelector('#main').getBoundingClientRect().top")
	for i := range 30 {
		s.Add(dashtest.Fails, runtime.Named(fmt.Sprint("shop.Task", i)))
	}
	b.wait("said.length === 1")
	b.wait("document.querySelectorAll('tbody tr').length === 30")
	if got := b.text("said.length"); got != "1" {
		t.Errorf("it says %s things: %s", got, b.text("said"))
	}
	if got := b.text("document.querySelector('#main').getBoundingClientRect().top"); got != top {
		t.Errorf("the page has moved from %s to %s", top, got)
	}
	if got := b.text("document.querySelector('#announce').getBoundingClientRect().bottom <= document.querySelector('#main').getBoundingClientRect().top"); got != "true" {
		t.Error("what is said covers the page")
	}
}

// By the keyboard alone.
func TestKeyboard(t *testing.T) {
	s := dashtest.Start(t, dashboard.Actions())
	ran := make(chan bool, 2)
	s.Add(func(context.Context) error { ran <- true; return errors.New("no") }, runtime.Named("shop.SendMail"))
	s.Add(dashtest.Fails, runtime.Named("shop.Later"), runtime.Delay(time.Hour))
	<-ran
	s.Until("it has failed", func() bool { return s.Names("failed") != "" })
	b := browse(t, s.URL+"list?stage=failed").live()
	press := func(selector string) {
		t.Helper()
		b.run(chromedp.Focus(selector, chromedp.ByQuery), chromedp.SendKeys(selector, "\r", chromedp.ByQuery))
	}
	press("tbody button")
	b.shows("#question", "Try shop.SendMail again?")
	press("#ask .do")
	<-ran
	b.shows("#announce", "shop.SendMail is tried again.")
	b.shows("tbody", "run again as a new task")
	b.run(chromedp.Navigate(s.URL + "list?stage=delayed"))
	press("tbody button + *, tbody form:last-of-type button")
	b.shows("#question", "Cancel shop.Later?")
	press("#ask [value=no]")
	b.wait("!document.querySelector('#ask').open")
	b.shows("tbody", "shop.Later")
	press("tbody form:last-of-type button")
	press("#ask .do")
	b.shows("#announce", "shop.Later is cancelled.")
	b.shows("#main", "Nothing waits for its time.")
	b.wait("document.activeElement.id === 'main'") // the keyboard stays where it was
	s.Idle()
}

// The first key leads past the navigation.
func TestSkipLink(t *testing.T) {
	s := dashtest.Start(t)
	b := browse(t, s.URL)
	b.run(chromedp.KeyEvent("\t"))
	if got := b.text("document.activeElement.className"); got != "skip" {
		t.Errorf("the first key leads to %s", got)
	}
}

func TestPause(t *testing.T) {
	s := dashtest.Start(t)
	b := browse(t, s.URL+"list?stage=running").live()
	b.click("#pause")
	b.shows("#state", "paused")
	end := s.Block("shop.Resize")
	stream := s.Watch("list&stage=running") // its second event comes when the browser's has come
	stream.Next()
	second := s.Block("shop.Second")
	stream.Until("the second is there", func(v dashtest.View) bool { return len(v.Main) > 0 })
	if got := b.text("document.querySelectorAll('tbody tr').length"); got != "0" {
		t.Error("the page changes while it is paused")
	}
	b.click("#pause")
	second()
	b.shows("tbody", "shop.Resize")
	end()
}

// What somebody types is left alone.
func TestTypingIsLeftAlone(t *testing.T) {
	s := dashtest.Start(t)
	s.Block("example.com/shop.Resize")
	b := browse(t, s.URL+"list?stage=running").live()
	b.shows("tbody", "shop.Resize")
	b.run(chromedp.SendKeys("[name=text]", "mail", chromedp.ByQuery))
	s.Block("example.com/shop.Second")
	stream := s.Watch("list&stage=running")
	stream.Next()
	stream.Next()
	if got := b.text("document.querySelector('[name=text]').value"); got != "mail" {
		t.Errorf("the field has %q", got)
	}
	b.follow(".filter button")
	b.shows("#main", "No task is like this.")
	b.follow(".filter a")
	b.shows("tbody", "shop.Second")
}

func TestWithoutScripts(t *testing.T) {
	runner := &runtime.Runner{Logger: dashtest.Quiet}
	page := dashboard.New(runner, dashboard.Actions())
	s := dashtest.Serve(t, runner, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/page.js" { // chromedp itself needs scripts
			w.Header().Set("Content-Type", "text/javascript")
			return
		}
		page.ServeHTTP(w, r)
	}))
	ran := make(chan bool, 4)
	for range 2 {
		s.Add(func(context.Context) error { ran <- true; panic("no") }, runtime.Named("shop.SendMail"))
		<-ran
		s.Idle()
	}
	b := browse(t, s.URL)
	b.follow(".tiles .failed")
	b.follow("tbody a")
	b.shows(".stack", "goroutine")
	b.follow(".actions button")
	<-ran
	s.Idle()
	b.shows("h1", "was run again as a new task")
	b.follow("header a[href='list']")
	b.follow(".tabs .failed")
	b.run(chromedp.SetValue("[name=text]", "panic", chromedp.ByQuery))
	b.follow(".filter button")
	b.follow(".bulk a")
	b.shows("h1", "Try again 2 failed tasks?") // and not the one that was
	b.follow("button.do")
	<-ran
	<-ran
	s.Idle()
	b.shows("h1", "Tried again: 2 tasks.")
	b.follow("#main a")
	b.shows(".list", "run again as a new task")
}
