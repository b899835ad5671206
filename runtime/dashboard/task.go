package dashboard

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/bggen/bggen/runtime/engine"
)

// A task is one as pages and JSON show it.
type task struct {
	Engine   string          `json:"engine"`
	Key      string          `json:"key,omitempty"`
	ID       string          `json:"id,omitempty"`
	Name     string          `json:"name"`
	Handler  string          `json:"handler,omitempty"`
	Queue    string          `json:"queue,omitempty"`
	Stage    engine.Stage    `json:"stage,omitempty"`
	State    engine.State    `json:"state"`
	Attempt  int             `json:"attempt"`
	Attempts int             `json:"attempts,omitempty"`
	Added    *time.Time      `json:"added,omitempty"`
	Started  *time.Time      `json:"started,omitempty"`
	Ended    *time.Time      `json:"ended,omitempty"`
	Due      *time.Time      `json:"due,omitempty"`
	Error    string          `json:"error,omitempty"`
	Args     json.RawMessage `json:"args,omitempty"`
	Trace    string          `json:"trace,omitempty"`
	Process  string          `json:"process,omitempty"`
	Failures []attempt       `json:"failures,omitempty"`
	RanAgain bool            `json:"ran_again,omitempty"`
	Can      []engine.Action `json:"can,omitempty"`
}

// An attempt is one that has failed.
type attempt struct {
	Number int        `json:"attempt"`
	At     *time.Time `json:"at,omitempty"`
	Error  string     `json:"error"`
	Stack  string     `json:"stack,omitempty"`
}

// taskOf is a task of a source, without what the page does not show, and without what
// JSON cannot say: others may have stored it.
func (d *dashboard) taskOf(s *source, t engine.Item) task {
	x := task{
		Engine: s.title(), Key: t.Key, ID: t.ID, Name: clip(t.Name, 500), Handler: clip(t.Handler, 500), Queue: t.Queue,
		Stage: t.Stage, State: t.State, Attempt: t.Task.Attempt, Attempts: t.Attempts, Process: t.Process,
		Added: moment(t.Added), Started: moment(t.Started), Ended: moment(t.Ended), Due: moment(t.Due),
		Trace: traceOf(t.Meta), RanAgain: t.Meta[ranAgain] != "",
	}
	if t.State == engine.Queued {
		x.Attempt++ // the next one
	}
	if t.Err != nil {
		x.Error = clip(t.Err.Error(), mostError)
	}
	if compact := new(bytes.Buffer); d.arguments && json.Compact(compact, t.Args) == nil {
		x.Args = short(compact.Bytes())
	}
	if d.mayAct && s.operator != nil && t.Key != "" {
		x.Can = t.Can
	}
	return x
}

// moment is t, if it is known and can be written.
func moment(t time.Time) *time.Time {
	if year := t.Year(); t.IsZero() || year < 1 || year >= 10_000 {
		return nil
	}
	return &t
}

// traceOf is the id of the trace that a task belongs to, in the form of W3C.
func traceOf(meta map[string]string) string {
	parts := strings.Split(meta["traceparent"], "-")
	if len(parts) < 4 || len(parts[1]) != 32 {
		return ""
	}
	return parts[1]
}

// Short is the name without its path.
func (t task) Short() string { return shortName(t.Name) }

// Full is the name, if Short does not say all.
func (t task) Full() string { return fullName(t.Name) }

// By is who has added the task.
func (t task) By() string { return shortName(t.Handler) }

// Link is the address of the task's page, "" if it has none.
func (t task) Link() string {
	if t.Key == "" {
		return ""
	}
	return "task?" + url.Values{"engine": {t.Engine}, "key": {t.Key}}.Encode()
}

// JSON is the address of the same as JSON.
func (t task) JSON() string { return strings.Replace(t.Link(), "task?", "task.json?", 1) }

// Row tells rows apart.
func (t task) Row() string {
	if t.Key != "" {
		return t.Engine + " " + t.Key
	}
	return fmt.Sprint(t.Name, t.Ended)
}

// OfAttempts is which attempt of how many it is.
func (t task) OfAttempts() string {
	if t.Attempts > 1 || t.Attempt > t.Attempts && t.Attempts > 0 {
		return fmt.Sprintf("%d of %d", t.Attempt, max(t.Attempts, t.Attempt))
	}
	return fmt.Sprint(t.Attempt)
}

// Took is how long the last attempt took.
func (t task) Took() string {
	if t.Started == nil || t.Ended == nil || t.Ended.Before(*t.Started) {
		return "–"
	}
	return took(t.Ended.Sub(*t.Started))
}

// Brief is the error, as much of it as a list shows.
func (t task) Brief() string { return clip(t.Error, 300) }

// StateText is the state of a task in words.
func (t task) StateText() string {
	switch t.Stage {
	case engine.StageRunning:
		return "runs now"
	case engine.StageWaiting:
		return "waits for its turn"
	case engine.StageDelayed:
		return "waits for its time"
	case engine.StageRetrying:
		return "has failed, and is tried again"
	case engine.StageFailed:
		if t.RanAgain {
			return "has failed, and was run again as a new task"
		}
		return "has failed for good"
	case engine.StageDone:
		return "has succeeded"
	}
	return "was cancelled"
}

// attempts is all that is known of the attempts that failed: what the engine says, and
// what this process has kept, which has stacks.
func (d *dashboard) attempts(t engine.Item) (list []attempt) {
	here := d.attemptsOf(t.ID)
	for _, a := range t.Failures {
		x := attempt{Number: a.Number, At: moment(a.At), Error: clip(a.Error, mostError), Stack: clip(a.Stack, mostStack)}
		for i, f := range here {
			if f.Error == x.Error && (a.At.IsZero() || a.At.Sub(f.At).Abs() < time.Minute) {
				x.Stack = max(x.Stack, f.Stack)
				here = slices.Delete(here, i, i+1)
				break
			}
		}
		list = append(list, x)
	}
	if t.ID == "" {
		return list
	}
	for _, f := range here { // of which the engine keeps only the last one
		list = append(list, attempt{Number: f.Number, At: moment(f.At), Error: f.Error, Stack: f.Stack})
	}
	slices.SortStableFunc(list, func(a, b attempt) int {
		if a.At == nil || b.At == nil {
			return a.Number - b.Number
		}
		return a.At.Compare(*b.At)
	})
	return list
}

// A taskView is the page of a task.
type taskView struct {
	*frame `json:"-"`
	Known  bool   `json:"-"`
	Why    string `json:"error,omitempty"` // the source cannot be asked
	Task   task   `json:"task"`
}

// JSONLink is the address of the same as JSON.
func (v *taskView) JSONLink() string { return v.Task.JSON() }

func (d *dashboard) viewTask(ctx context.Context, q url.Values, now time.Time) view {
	v := &taskView{frame: d.frame("Task", "task", q, now)}
	s := d.sourceTitled(q.Get("engine"))
	if s == nil || s.browser == nil {
		return v
	}
	type answer struct {
		t     task
		known bool
	}
	a, err := within(ctx, s, func(ctx context.Context) (answer, error) {
		item, known, err := s.browser.Look(ctx, q.Get("key"))
		if err != nil || !known {
			return answer{}, err
		}
		t := d.taskOf(s, item)
		t.Failures = d.attempts(item)
		if f := d.failed.of(item.ID); t.Args == nil && len(f) > 0 && item.ID != "" {
			t.Args = f[0].args
		}
		return answer{t, true}, nil
	})
	if err != nil {
		v.Why = fmt.Sprintf("%s cannot be asked: %v", s.title(), err)
	}
	v.Task, v.Known = a.t, a.known
	if v.Known {
		v.Title = v.Task.Short()
	}
	return v
}

// sourceTitled is the source of a title, nil if there is none.
func (d *dashboard) sourceTitled(title string) *source {
	for _, s := range d.sources {
		if s.title() == title {
			return s
		}
	}
	return nil
}
