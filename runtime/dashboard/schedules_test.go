package dashboard_test

import (
	"context"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/bggen/bggen/runtime"
	"github.com/bggen/bggen/runtime/adapter"
	"github.com/bggen/bggen/runtime/cron"
	"github.com/bggen/bggen/runtime/dashboard"
	"github.com/bggen/bggen/runtime/dashboard/internal/dashtest"
)

// nightly registers a periodic task that says when it runs.
func nightly(t *testing.T, s *dashtest.Site) (ran chan bool) {
	t.Helper()
	ran = make(chan bool, 3)
	const expr = "30 2 * * 1-5"
	parsed, err := cron.Parse(expr)
	if err != nil {
		t.Fatal(err)
	}
	type args struct{ Due runtime.Due }
	def := adapter.NewTaskDef[args]("example.com/shop.Report")
	def.Periodic(func(due runtime.Due) args { return args{due} }, adapter.Cron(expr, parsed))
	def.Register(s.Runner, func(context.Context, args) error { ran <- true; return nil })
	return ran
}

func TestSchedules(t *testing.T) {
	s := dashtest.Start(t, dashboard.Actions())
	if _, page := s.Get(""); strings.Contains(page, `href="schedules"`) {
		t.Error("there is nothing periodic, and the page leads to schedules")
	}
	if _, page := s.Get("schedules"); !strings.Contains(page, "No task runs by itself.") {
		t.Error("it does not say that there are none")
	}
	ran := nightly(t, s)
	if _, page := s.Get(""); !strings.Contains(page, `href="schedules"`) {
		t.Error("the page does not lead to the schedules")
	}
	_, page := s.Get("schedules")
	for _, want := range []string{"shop.Report", "example.com/shop.Report", "cron 30 2 * * 1-5", "UTC", "in ", "not known", "Run now"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page does not have %q: %s", want, page)
		}
	}
	var got struct {
		Schedules []struct {
			Task, When, Zone string
			Next             time.Time
		}
	}
	s.Read("schedules.json", &got)
	if len(got.Schedules) != 1 || got.Schedules[0].Next.Hour() != 2 || got.Schedules[0].Next.Minute() != 30 || time.Until(got.Schedules[0].Next) < 0 {
		t.Errorf("%+v", got)
	}
	if answer, text := s.Post("trigger", url.Values{"task": {"example.com/shop.Report"}}); answer.StatusCode != 200 || text != "A run of shop.Report is started.\n" {
		t.Errorf("%s %s", answer.Status, text)
	}
	<-ran
	if answer, _ := s.Post("trigger", url.Values{"task": {"none"}}); answer.StatusCode != 409 {
		t.Errorf("%s", answer.Status)
	}
}

func TestSchedulesOfAPageThatOnlyShows(t *testing.T) {
	s := dashtest.Start(t)
	nightly(t, s)
	if _, page := s.Get("schedules"); strings.Contains(page, "Run now") {
		t.Error("there is a button")
	}
	if answer, _ := s.Post("trigger", url.Values{"task": {"example.com/shop.Report"}}); answer.StatusCode != 403 {
		t.Errorf("%s", answer.Status)
	}
}
