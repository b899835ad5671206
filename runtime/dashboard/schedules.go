package dashboard

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"github.com/bggen/bggen/runtime"
)

// A schedule says when a periodic task runs.
type schedule struct {
	Task    string     `json:"task"`
	When    string     `json:"when"` // as it is written
	Zone    string     `json:"zone"`
	Next    *time.Time `json:"next,omitempty"`
	Last    *time.Time `json:"last,omitempty"`
	LastID  string     `json:"last_id,omitempty"`
	Jitter  float64    `json:"jitter_seconds,omitempty"`
	Missed  float64    `json:"missed_seconds,omitempty"`
	Overlap bool       `json:"overlap,omitempty"`
	Skipped uint64     `json:"skipped,omitempty"`
}

// Short is the name without its path.
func (s schedule) Short() string { return shortName(s.Task) }

// Full is the name, if Short does not say all.
func (s schedule) Full() string { return fullName(s.Task) }

// LastLink is the search for the last run, which leads to its page.
func (s schedule) LastLink() string {
	if s.LastID == "" {
		return ""
	}
	return linkTo(s.LastID)
}

// A schedulesView is the page of the schedules.
type schedulesView struct {
	*frame    `json:"-"`
	Schedules []schedule `json:"schedules"`
	Unknown   []notice   `json:"unknown,omitempty"`
}

// JSONLink is the address of the same as JSON.
func (v *schedulesView) JSONLink() string { return "schedules.json" }

func (d *dashboard) viewSchedules(ctx context.Context, q url.Values, now time.Time) view {
	v := &schedulesView{frame: d.frame("Schedules", "schedules", q, now), Schedules: []schedule{}}
	list, err := within(ctx, d.sources[0], func(context.Context) ([]runtime.Schedule, error) { return d.runner.Schedules(), nil })
	if err != nil { // engines are asked, too
		v.Unknown = append(v.Unknown, notice{"the schedules", "are not known: " + err.Error(), true})
	}
	for _, s := range list {
		v.Schedules = append(v.Schedules, schedule{
			Task: s.Task, When: s.Expr, Zone: s.Zone, Next: moment(s.Next), Last: moment(s.Last), LastID: s.LastID.String(),
			Jitter: s.Jitter.Seconds(), Missed: s.Missed.Seconds(), Overlap: s.Overlap, Skipped: s.Skipped,
		})
	}
	return v
}

// hasSchedules reports whether there are periodic tasks.
func (d *dashboard) hasSchedules() bool { return len(d.runner.Core().Periodics()) > 0 }

// trigger starts a run of a periodic task now.
func (d *dashboard) trigger(ctx context.Context, form url.Values) outcome {
	ctx, cancel := context.WithTimeout(ctx, askWithin)
	defer cancel()
	name := form.Get("task")
	if _, err := guard(func() (runtime.TaskID, error) { return d.runner.Trigger(ctx, name) }); err != nil {
		return outcome{status: http.StatusConflict, text: fmt.Sprintf("%s could not be started: %v", shortName(name), err)}
	}
	return outcome{status: http.StatusOK, text: fmt.Sprintf("A run of %s is started.", shortName(name))}
}
