package dashboard_test

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/bggen/bggen/runtime"
	"github.com/bggen/bggen/runtime/dashboard"
	"github.com/bggen/bggen/runtime/dashboard/internal/dashtest"
	"github.com/bggen/bggen/runtime/engine"
)

// failing adds a task that always fails, and counts its runs.
func failing(s *dashtest.Site) (id string, runs chan bool) {
	runs = make(chan bool, 10)
	s.Add(func(context.Context) error { runs <- true; return errors.New("no") }, runtime.Named("shop.SendMail"))
	s.Idle()
	<-runs
	return s.List("stage=failed").Tasks[0].Key, runs
}

func TestActionsAreOffUnlessAskedFor(t *testing.T) {
	for name, opts := range map[string][]dashboard.Option{
		"none":      nil,
		"read only": {dashboard.ReadOnly(), dashboard.Actions()},
	} {
		s := dashtest.Start(t, opts...)
		id, runs := failing(s)
		for _, path := range []string{"act", "pause", "bulk"} {
			answer, _ := s.Post(path, url.Values{"do": {"retry"}, "key": {id}, "engine": {"this process"}, "stage": {"failed"}, "count": {"1"}})
			if answer.StatusCode != http.StatusForbidden {
				t.Errorf("%s, %s: %s", name, path, answer.Status)
			}
		}
		for _, path := range everyPage(s) {
			if _, page := s.Get(path); strings.Contains(page, `method="post"`) {
				t.Errorf("%s: the page %s has a form", name, path)
			}
		}
		s.Idle()
		if len(runs) > 0 {
			t.Errorf("%s: the task was run again", name)
		}
	}
}

func TestOtherSitesAreRefused(t *testing.T) {
	s := dashtest.Start(t, dashboard.Actions())
	id, runs := failing(s)
	form := url.Values{"do": {"retry"}, "key": {id}, "engine": {"this process"}}
	for _, headers := range [][]string{
		{"Sec-Fetch-Site", "cross-site"},
		{"Sec-Fetch-Site", "same-site"},
		{"Origin", "https://evil.example"},
		{"Origin", "null"},
		{"Bggen-Dashboard", ""}, // a browser that says nothing
		{"Bggen-Dashboard", "", "Sec-Fetch-Site", "same-origin"},
	} {
		for _, path := range []string{"act", "pause", "bulk"} {
			if answer, text := s.Post(path, form, headers...); answer.StatusCode != http.StatusForbidden {
				t.Errorf("%s with %v: %s %s", path, headers, answer.Status, text)
			}
		}
	}
	if answer, _ := s.Get("act?do=retry&engine=this+process&key=" + id); answer.StatusCode != http.StatusMethodNotAllowed || answer.Header.Get("Allow") != "POST" {
		t.Errorf("GET: %s", answer.Status)
	}
	s.Idle()
	if len(runs) > 0 {
		t.Error("the task was run again")
	}
	form.Set("token", tokenOf(t, s))
	if answer, text := s.Post("act", form, "Sec-Fetch-Site", "same-origin", "Bggen-Dashboard", ""); answer.StatusCode != http.StatusOK {
		t.Errorf("from the page itself: %s %s", answer.Status, text)
	}
}

// tokenOf is the one in the forms of the page.
func tokenOf(t *testing.T, s *dashtest.Site) string {
	t.Helper()
	_, page := s.Get("list?stage=failed")
	found := regexp.MustCompile(`name="token" value="([A-Z2-7]+)"`).FindStringSubmatch(page)
	if found == nil {
		t.Fatal("the page has no form with a token")
	}
	return found[1]
}

func TestRetryRunsOnce(t *testing.T) {
	s := dashtest.Start(t, dashboard.Actions())
	id, runs := failing(s)
	var wg sync.WaitGroup
	var mu sync.Mutex
	count := map[int]int{}
	for range 8 {
		wg.Go(func() {
			answer, _ := s.Act("retry", id)
			mu.Lock()
			defer mu.Unlock()
			count[answer.StatusCode]++
		})
	}
	wg.Wait()
	s.Idle()
	if len(runs) != 1 || count[200] != 1 || count[409] != 7 {
		t.Errorf("run %d times, %v", len(runs), count)
	}
	if l := s.List("stage=failed"); len(l.Tasks) != 2 || !l.Tasks[1].RanAgain || l.Tasks[0].RanAgain {
		t.Errorf("%+v", l.Tasks)
	}
	for form, want := range map[string]int{
		"do=retry&engine=this+process&key=none": 404,
		"do=retry&engine=this+process":          400,
		"do=none&engine=this+process&key=x":     400,
		"do=retry&engine=none&key=x":            404,
	} {
		q, _ := url.ParseQuery(form)
		if answer, _ := s.Post("act", q); answer.StatusCode != want {
			t.Errorf("%s: %s", form, answer.Status)
		}
	}
}

func TestActionsWithoutScripts(t *testing.T) {
	s := dashtest.Start(t, dashboard.Actions())
	for back, want := range map[string]string{
		"list?stage=failed&text=no":  "./list?stage=failed&text=no",
		"":                           "./",
		"https://evil.example/":      "",
		"//evil.example/":            "",
		"../secret":                  "",
		`\\evil.example`:             "",
		"javascript:alert(1)":        "",
		"act":                        "",
		"list?x=\r\nSet-Cookie: a=b": "",
	} {
		id, _ := failing(s)
		form := url.Values{"do": {"retry"}, "key": {id}, "engine": {"this process"}, "token": {tokenOf(t, s)}, "back": {back}}
		answer, text := s.Post("act", form, "Accept", "text/html,*/*;q=0.8", "Bggen-Dashboard", "")
		location := answer.Header.Get("Location")
		if want != "" && (answer.StatusCode != http.StatusSeeOther || location != want) {
			t.Errorf("%q: %s to %s", back, answer.Status, location)
		}
		if want == "" && (answer.StatusCode != http.StatusOK || location != "" || !strings.Contains(text, "shop.SendMail is tried again.")) {
			t.Errorf("%q: %s to %s: %s", back, answer.Status, location, text)
		}
		s.Idle()
	}
}

func TestCancelRunAndDelete(t *testing.T) {
	s := dashtest.Start(t, dashboard.Actions())
	ran := make(chan bool)
	s.Add(func(context.Context) error { ran <- true; return nil }, runtime.Named("shop.Now"), runtime.Delay(time.Hour))
	s.Add(dashtest.Fails, runtime.Named("shop.Later"), runtime.Delay(2*time.Hour))
	s.Add(dashtest.Fails, runtime.Named("shop.SendMail"))
	stuck := make(chan error)
	s.Add(func(ctx context.Context) error {
		derived, cancel := context.WithTimeout(ctx, time.Hour)
		defer cancel()
		<-derived.Done()
		stuck <- context.Cause(derived)
		return ctx.Err()
	}, runtime.Named("shop.Resize"))
	s.Until("they are there", func() bool { return s.Names("failed") != "" && s.Names("running") != "" })
	delayed := s.List("stage=delayed").Tasks
	now, later, running := delayed[0].Key, delayed[1].Key, s.List("stage=running").Tasks[0].Key
	failed := s.List("stage=failed").Tasks[0].Key
	act := func(do, key string, status int, text string) {
		t.Helper()
		if answer, got := s.Act(do, key); answer.StatusCode != status || !strings.HasPrefix(got, text) {
			t.Errorf("%s: %s %s", do, answer.Status, got)
		}
	}
	act("run", now, 200, "shop.Now runs now.")
	<-ran
	act("run", running, 409, "shop.Resize does not wait")
	act("cancel", later, 200, "shop.Later is cancelled.")
	act("cancel", later, 409, "shop.Later cannot be cancelled")
	act("cancel", running, 200, "shop.Resize was told to end.")
	if cause := <-stuck; !errors.Is(cause, context.Canceled) {
		t.Errorf("it ended for %v", cause)
	}
	act("delete", failed, 200, "shop.SendMail is deleted.")
	act("delete", failed, 409, "shop.SendMail cannot be deleted")
	s.Idle()
	if status, known := s.Runner.Status(runtime.ParseTaskID(running)); !known || status.State != engine.Cancelled {
		t.Errorf("%t %+v", known, status)
	}
	if task := s.Task(later); task.State != "cancelled" {
		t.Errorf("%+v", task)
	}
}

func TestBulk(t *testing.T) {
	store := new(dashtest.Store)
	runner := &runtime.Runner{Logger: dashtest.Quiet, Engine: store}
	s := dashtest.Serve(t, runner, dashboard.New(runner, dashboard.Actions()))
	for i := range 120 {
		store.Put(itemOf(i, engine.StageFailed, []string{"shop.SendMail", "shop.Pay", "shop.Pay"}[i%3]))
	}
	s.Add(dashtest.Fails, runtime.Named("shop.Pay"))
	s.Idle()
	_, page := s.Get("list?stage=failed&name=shop.Pay")
	if !strings.Contains(page, `href="bulk?do=retry&amp;name=shop.Pay&amp;stage=failed"`) {
		t.Error("the list does not lead to the question")
	}
	_, page = s.Get("bulk?do=retry&name=shop.Pay&stage=failed")
	if !strings.Contains(page, "Try again 81 failed tasks?") || !strings.Contains(page, `name="count" value="81"`) {
		t.Errorf("it is asked: %s", page)
	}
	if len(store.Acted()) > 0 {
		t.Error("the question has done something")
	}
	store.Put(itemOf(500, engine.StageFailed, "shop.Pay")) // it comes in between
	form := url.Values{"do": {"retry"}, "name": {"shop.Pay"}, "stage": {"failed"}, "count": {"81"}}
	answer, text := s.Post("bulk", form)
	if answer.StatusCode != 200 || text != "Tried again: 81 tasks.\n" {
		t.Errorf("%s %s", answer.Status, text)
	}
	if n := len(store.Acted()); n < 80 || n > 81 {
		t.Errorf("something was done to %d tasks", n)
	}
	for _, did := range store.Acted() {
		if !strings.HasPrefix(did, "retry ") {
			t.Error(did)
		}
	}
	if answer, text := s.Post("bulk", form, "Accept", "text/html"); answer.StatusCode != 200 || !strings.Contains(text, "<h1>Tried again: ") {
		t.Errorf("without scripts: %s %s", answer.Status, text)
	}
	if n := len(s.List("stage=failed&name=shop.SendMail").Tasks); n != 40 {
		t.Errorf("%d others are left", n)
	}
	for form, want := range map[string]int{"do=run&stage=failed&count=1": 400, "do=retry&stage=failed": 400, "do=retry&stage=failed&count=-1": 400} {
		q, _ := url.ParseQuery(form)
		if answer, _ := s.Post("bulk", q); answer.StatusCode != want {
			t.Errorf("%s: %s", form, answer.Status)
		}
	}
	if answer, _ := s.Get("bulk?do=run&stage=failed"); answer.StatusCode != http.StatusForbidden {
		t.Errorf("what cannot be done is asked: %s", answer.Status)
	}
}
