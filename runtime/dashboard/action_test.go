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
)

// failing adds a task that always fails, and counts its runs.
func failing(s *site) (id string, runs chan bool) {
	runs = make(chan bool, 10)
	s.add(func(context.Context) error { runs <- true; return errors.New("no") }, runtime.Named("shop.SendMail"))
	s.idle()
	<-runs
	return s.data().Failed[0].ID, runs
}

func TestActionsAreOffUnlessAskedFor(t *testing.T) {
	s := newSite(t)
	id, runs := failing(s)
	for _, path := range []string{"retry", "cancel"} {
		if answer, _ := s.post(path, id); answer.StatusCode != http.StatusForbidden {
			t.Errorf("%s: %s", path, answer.Status)
		}
	}
	if _, page := s.get(""); strings.Contains(page, "<form method=\"post\"") {
		t.Error("the page has a form")
	}
	s.idle()
	if len(runs) > 0 {
		t.Error("the task was run again")
	}
}

func TestOtherSitesAreRefused(t *testing.T) {
	s := newSite(t, dashboard.Actions())
	id, runs := failing(s)
	for _, headers := range [][]string{
		{"Sec-Fetch-Site", "cross-site"},
		{"Sec-Fetch-Site", "same-site"},
		{"Origin", "https://evil.example"},
		{"Origin", "null"},
	} {
		for _, path := range []string{"retry", "cancel"} {
			if answer, _ := s.post(path, id, headers...); answer.StatusCode != http.StatusForbidden {
				t.Errorf("%s with %v: %s", path, headers, answer.Status)
			}
		}
	}
	if answer, _ := s.get("retry?id=" + id); answer.StatusCode != http.StatusMethodNotAllowed || answer.Header.Get("Allow") != "POST" {
		t.Errorf("GET: %s", answer.Status)
	}
	s.idle()
	if len(runs) > 0 {
		t.Error("the task was run again")
	}
	if answer, text := s.post("retry", id, "Sec-Fetch-Site", "same-origin"); answer.StatusCode != http.StatusOK {
		t.Errorf("from the page itself: %s %s", answer.Status, text)
	}
}

func TestRetryRunsOnce(t *testing.T) {
	s := newSite(t, dashboard.Actions())
	id, runs := failing(s)
	var wg sync.WaitGroup
	var mu sync.Mutex
	count := map[int]int{}
	for range 8 {
		wg.Go(func() {
			answer, _ := s.post("retry", id)
			mu.Lock()
			defer mu.Unlock()
			count[answer.StatusCode]++
		})
	}
	wg.Wait()
	s.idle()
	if len(runs) != 1 || count[200] != 1 || count[409] != 7 {
		t.Errorf("run %d times, %v", len(runs), count)
	}
	if d := s.data(); len(d.Failed) != 2 || !d.Failed[1].Again || d.Failed[0].Again {
		t.Errorf("%+v", d.Failed)
	}
	for id, want := range map[string]int{"none": 404, "": 400} {
		if answer, _ := s.post("retry", id); answer.StatusCode != want {
			t.Errorf("id %q: %s", id, answer.Status)
		}
	}
}

func TestRetryWithoutScripts(t *testing.T) {
	s := newSite(t, dashboard.Actions())
	id, _ := failing(s)
	answer, _ := s.post("retry", id, "Accept", "text/html,*/*;q=0.8")
	if answer.StatusCode != http.StatusSeeOther || answer.Header.Get("Location") != "./" {
		t.Errorf("%s to %s", answer.Status, answer.Header.Get("Location"))
	}
	s.idle()
}

func TestCancel(t *testing.T) {
	s := newSite(t, dashboard.Actions())
	s.add(fails, runtime.Named("shop.Later"), runtime.Delay(time.Hour))
	end := s.block("shop.Resize")
	var later, running string
	s.watch().until("both are there", func(v view) bool {
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
	if answer, text := s.post("cancel", later); answer.StatusCode != http.StatusOK || text != "shop.Later is cancelled.\n" {
		t.Errorf("%s %s", answer.Status, text)
	}
	// Nobody had asked for the id of that one before it began.
	if answer, text := s.post("cancel", running); answer.StatusCode != http.StatusConflict {
		t.Errorf("%s %s", answer.Status, text)
	}
	end()
	s.idle()
	if answer, _ := s.post("cancel", later); answer.StatusCode != http.StatusConflict {
		t.Errorf("a second time: %s", answer.Status)
	}
}
