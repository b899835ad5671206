package dashboard_test

import (
	"context"
	"errors"
	"net/http"
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
	return s.Data().Failed[0].ID, runs
}

func TestActionsAreOffUnlessAskedFor(t *testing.T) {
	s := dashtest.Start(t)
	id, runs := failing(s)
	for _, path := range []string{"retry", "cancel"} {
		if answer, _ := s.Post(path, id); answer.StatusCode != http.StatusForbidden {
			t.Errorf("%s: %s", path, answer.Status)
		}
	}
	if _, page := s.Get(""); strings.Contains(page, "<form method=\"post\"") {
		t.Error("the page has a form")
	}
	s.Idle()
	if len(runs) > 0 {
		t.Error("the task was run again")
	}
}

func TestOtherSitesAreRefused(t *testing.T) {
	s := dashtest.Start(t, dashboard.Actions())
	id, runs := failing(s)
	for _, headers := range [][]string{
		{"Sec-Fetch-Site", "cross-site"},
		{"Sec-Fetch-Site", "same-site"},
		{"Origin", "https://evil.example"},
		{"Origin", "null"},
	} {
		for _, path := range []string{"retry", "cancel"} {
			if answer, _ := s.Post(path, id, headers...); answer.StatusCode != http.StatusForbidden {
				t.Errorf("%s with %v: %s", path, headers, answer.Status)
			}
		}
	}
	if answer, _ := s.Get("retry?id=" + id); answer.StatusCode != http.StatusMethodNotAllowed || answer.Header.Get("Allow") != "POST" {
		t.Errorf("GET: %s", answer.Status)
	}
	s.Idle()
	if len(runs) > 0 {
		t.Error("the task was run again")
	}
	if answer, text := s.Post("retry", id, "Sec-Fetch-Site", "same-origin"); answer.StatusCode != http.StatusOK {
		t.Errorf("from the page itself: %s %s", answer.Status, text)
	}
}

func TestRetryRunsOnce(t *testing.T) {
	s := dashtest.Start(t, dashboard.Actions())
	id, runs := failing(s)
	var wg sync.WaitGroup
	var mu sync.Mutex
	count := map[int]int{}
	for range 8 {
		wg.Go(func() {
			answer, _ := s.Post("retry", id)
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
	if d := s.Data(); len(d.Failed) != 2 || !d.Failed[1].Again || d.Failed[0].Again {
		t.Errorf("%+v", d.Failed)
	}
	for id, want := range map[string]int{"none": 404, "": 400} {
		if answer, _ := s.Post("retry", id); answer.StatusCode != want {
			t.Errorf("id %q: %s", id, answer.Status)
		}
	}
}

func TestRetryWithoutScripts(t *testing.T) {
	s := dashtest.Start(t, dashboard.Actions())
	id, _ := failing(s)
	answer, _ := s.Post("retry", id, "Accept", "text/html,*/*;q=0.8")
	if answer.StatusCode != http.StatusSeeOther || answer.Header.Get("Location") != "./" {
		t.Errorf("%s to %s", answer.Status, answer.Header.Get("Location"))
	}
	s.Idle()
}

func TestCancel(t *testing.T) {
	s := dashtest.Start(t, dashboard.Actions())
	s.Add(dashtest.Fails, runtime.Named("shop.Later"), runtime.Delay(time.Hour))
	stuck := make(chan error)
	s.Add(func(ctx context.Context) error { // it begins before anybody looks
		derived, cancel := context.WithTimeout(ctx, time.Hour)
		defer cancel()
		<-derived.Done()
		stuck <- context.Cause(derived)
		return ctx.Err()
	}, runtime.Named("shop.Resize"))
	var later, running string
	s.Watch().Until("both are there", func(v dashtest.View) bool {
		for _, sec := range v.Sections {
			for _, r := range sec.Rows {
				switch r.Name {
				case "shop.Later":
					later = r.Key
				case "shop.Resize":
					running = r.Key
				}
			}
		}
		return later != "" && running != ""
	})
	if answer, text := s.Post("cancel", later); answer.StatusCode != http.StatusOK || text != "shop.Later is cancelled.\n" {
		t.Errorf("%s %s", answer.Status, text)
	}
	if answer, text := s.Post("cancel", running); answer.StatusCode != http.StatusOK || text != "shop.Resize was told to end.\n" {
		t.Errorf("%s %s", answer.Status, text)
	}
	if cause := <-stuck; !errors.Is(cause, context.Canceled) {
		t.Errorf("it ended for %v", cause)
	}
	s.Idle()
	if status, known := s.Runner.Status(runtime.ParseTaskID(running)); !known || status.State != engine.Cancelled {
		t.Errorf("%t %+v", known, status)
	}
	if answer, _ := s.Post("cancel", later); answer.StatusCode != http.StatusConflict {
		t.Errorf("a second time: %s", answer.Status)
	}
}
