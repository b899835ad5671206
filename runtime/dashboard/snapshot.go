package dashboard

import (
	"encoding/json"
	"net/http"
	"time"

	"github.com/bggen/bggen/runtime"
	"github.com/bggen/bggen/runtime/internal/core"
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

// A task is one that has not ended.
type task struct {
	ID      string          `json:"id,omitempty"`
	Name    string          `json:"name"`
	Handler string          `json:"handler,omitempty"`
	Attempt int             `json:"attempt"`
	Seconds float64         `json:"running_seconds,omitempty"`
	Older   bool            `json:"or_longer,omitempty"`
	Due     *time.Time      `json:"due,omitempty"`
	Args    json.RawMessage `json:"args,omitempty"`
}

// take is what the runner does now.
func (d *dashboard) take(now time.Time) *snapshot {
	s := &snapshot{At: now, Stats: d.runner.Stats()}
	list, beyond := d.runner.Core().Watched(mostTasks, d.actions)
	s.Running, s.Queued, s.Delayed = d.tasks(list, "running"), d.tasks(list, "queued"), d.tasks(list, "delayed")
	s.More = more{beyond["running"], beyond["queued"], beyond["delayed"]}
	s.Failed, _ = d.failed.all()
	s.Retried, _ = d.retried.all()
	s.Rates = d.rates.now(now)
	s.Engines = []stored{}
	for _, e := range d.stores {
		s.Engines = append(s.Engines, d.stored(e, now))
	}
	return s
}

// tasks is those in list that are in a state.
func (d *dashboard) tasks(list []core.Seen, state string) []task {
	tasks := []task{} // and not null in JSON
	for _, t := range list {
		if t.State == state {
			tasks = append(tasks, d.task(t))
		}
	}
	return tasks
}

func (d *dashboard) task(w core.Seen) task {
	t := task{Name: w.Name, Handler: w.Handler, Attempt: w.Attempt, Seconds: w.Age.Seconds(), Older: w.Older}
	if d.actions {
		t.ID = w.ID
	}
	if !w.Due.IsZero() {
		t.Due = &w.Due
	}
	if args, ok := w.Args.(json.RawMessage); ok && d.arguments {
		t.Args = short(args)
	}
	return t
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
