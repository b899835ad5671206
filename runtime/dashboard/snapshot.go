package dashboard

import (
	"context"
	"encoding/json"
	"net/http"
	"time"

	"github.com/bggen/bggen/runtime"
	"github.com/bggen/bggen/runtime/engine"
)

// mostTasks is how many tasks of each state are listed. The others are counted.
const mostTasks = 100

// A snapshot is what a runner does at one moment: data.json.
type snapshot struct {
	At      time.Time     `json:"at"`
	Stats   runtime.Stats `json:"stats"`
	Running []task        `json:"running"`
	Queued  []task        `json:"queued"`
	Delayed []task        `json:"delayed"`
	More    more          `json:"more"`
	Failed  []failure     `json:"failed"`
	Retried []failure     `json:"retried"`
	Rates   []rate        `json:"rates"`
	Engines []stored      `json:"engines"`
}

// more is how many there are beyond those that are listed.
type more struct {
	Running int `json:"running"`
	Queued  int `json:"queued"`
	Delayed int `json:"delayed"`
}

// A task is one that the runner or an engine has.
type task struct {
	ID      string          `json:"id,omitempty"`
	Name    string          `json:"name"`
	Handler string          `json:"handler,omitempty"`
	State   engine.State    `json:"state"`
	Attempt int             `json:"attempt"`
	At      *time.Time      `json:"at,omitempty"`
	Error   string          `json:"error,omitempty"`
	Args    json.RawMessage `json:"args,omitempty"`
}

// take is what the runner does now.
func (d *dashboard) take(now time.Time) *snapshot {
	s := &snapshot{At: now, Stats: d.runner.Stats(), Engines: []stored{}}
	list := tasksOf(context.Background(), d.runner)
	d.hide(list.Tasks)
	s.Running, s.Queued, s.Delayed = []task{}, []task{}, []task{} // and not null in JSON
	for _, t := range list.Tasks {
		switch {
		case t.State == engine.Running:
			s.Running = append(s.Running, t)
		case t.At == nil:
			s.Queued = append(s.Queued, t)
		default:
			s.Delayed = append(s.Delayed, t)
		}
	}
	s.More = more{
		Running: max(list.Running-len(s.Running), 0),
		Queued:  max(list.Queued-s.Stats.Delayed-len(s.Queued), 0),
		Delayed: max(s.Stats.Delayed-len(s.Delayed), 0),
	}
	s.Failed, _ = d.failed.all()
	s.Retried, _ = d.retried.all()
	s.Rates = d.rates.now(now)
	for _, e := range d.stores {
		s.Engines = append(s.Engines, d.stored(e, now))
	}
	return s
}

// hide leaves out what the page does not show.
func (d *dashboard) hide(list []task) {
	for i := range list {
		if !d.actions {
			list[i].ID = ""
		}
		if !d.arguments {
			list[i].Args = nil
		}
	}
}

func (d *dashboard) serveData(w http.ResponseWriter, r *http.Request) {
	now := time.Now()
	d.await(r.Context(), now)
	text, err := json.MarshalIndent(d.take(now), "", "\t")
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.Write(append(text, '\n'))
}
