package dashboard

import (
	"context"
	"net/url"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/bggen/bggen/runtime/engine"
)

// A queue is one of an engine.
type queue struct {
	Engine  string     `json:"engine"`
	Name    string     `json:"name"`
	Waiting counts     `json:"waiting"`
	Running counts     `json:"running"`
	Oldest  *time.Time `json:"oldest,omitempty"`
	Paused  bool       `json:"paused"`
	Pauses  bool       `json:"-"` // it can be paused from here
}

// Link is the list of what waits in the queue.
func (q queue) Link(stage string) string {
	return filter{Stage: engine.Stage(stage), Queue: q.Name, Engine: q.Engine}.List()
}

// WaitingText and RunningText are the numbers.
func (q queue) WaitingText() string { return countText(engine.Count(q.Waiting)) }
func (q queue) RunningText() string { return countText(engine.Count(q.Running)) }

// A queuesView is the page of the queues.
type queuesView struct {
	*frame  `json:"-"`
	Queues  []queue  `json:"queues"`
	Unknown []notice `json:"unknown,omitempty"`
}

// JSONLink is the address of the same as JSON.
func (v *queuesView) JSONLink() string { return "queues.json" }

func (d *dashboard) viewQueues(ctx context.Context, q url.Values, now time.Time) view {
	v := &queuesView{frame: d.frame("Queues", "queues", q, now), Queues: []queue{}}
	for _, s := range d.sources {
		switch {
		case s.name == "":
			continue
		case s.queues == nil:
			v.Unknown = append(v.Unknown, notice{s.title(), "does not tell of its queues", false})
			continue
		}
		list, err := within(ctx, s, s.queues.Queues)
		if err != nil {
			v.Unknown = append(v.Unknown, notice{s.title(), "cannot be asked: " + err.Error(), true})
		}
		for _, q := range list {
			v.Queues = append(v.Queues, queue{s.title(), q.Name, counts(q.Waiting), counts(q.Running), moment(q.Oldest), q.Paused, d.mayAct && s.pauser != nil})
		}
	}
	return v
}

// A process is one that runs tasks.
type process struct {
	Engine string     `json:"engine"`
	ID     string     `json:"id"`
	Host   string     `json:"host,omitempty"`
	PID    int        `json:"pid,omitempty"`
	Since  *time.Time `json:"since,omitempty"`
	Queues []string   `json:"queues,omitempty"`
	Most   int        `json:"most,omitempty"`
	Note   string     `json:"note,omitempty"`
	Tasks  []task     `json:"tasks"`
	More   int        `json:"more,omitempty"` // that it runs besides
}

// InQueues is the names of the queues.
func (p process) InQueues() string { return strings.Join(p.Queues, ", ") }

// Running is how many tasks the process runs.
func (p process) Running() int { return len(p.Tasks) + p.More }

// mostOfProcess is how many tasks of a process are listed.
const mostOfProcess = 10

// A processesView is the page of the processes.
type processesView struct {
	*frame    `json:"-"`
	Processes []process `json:"processes"`
	Unknown   []notice  `json:"unknown,omitempty"`
}

// JSONLink is the address of the same as JSON.
func (v *processesView) JSONLink() string { return "processes.json" }

// started is when this process began, about.
var started = time.Now()

func (d *dashboard) viewProcesses(ctx context.Context, q url.Values, now time.Time) view {
	v := &processesView{frame: d.frame("Processes", "processes", q, now)}
	v.Processes = []process{d.thisOne(ctx)}
	for _, s := range d.sources {
		switch {
		case s.name == "":
			continue
		case s.processes == nil:
			v.Unknown = append(v.Unknown, notice{s.title(), "does not tell which processes work for it", false})
			continue
		}
		list, err := within(ctx, s, s.processes.Processes)
		if err != nil {
			v.Unknown = append(v.Unknown, notice{s.title(), "cannot be asked: " + err.Error(), true})
			continue
		}
		if note := s.processes.ProcessesNote(); note != "" {
			v.Unknown = append(v.Unknown, notice{s.title(), note, false})
		}
		for _, p := range list {
			x := process{Engine: s.title(), ID: p.ID, Host: p.Host, PID: p.PID, Since: moment(p.Since), Queues: p.Queues, Most: p.Most, Note: p.Note, Tasks: []task{}}
			for _, t := range p.Tasks[:min(len(p.Tasks), mostOfProcess)] {
				x.Tasks = append(x.Tasks, d.taskOf(s, t))
			}
			x.More = len(p.Tasks) - len(x.Tasks)
			v.Processes = append(v.Processes, x)
		}
	}
	return v
}

// thisOne is this process: what it has in its memory, and what it runs for engines.
func (d *dashboard) thisOne(ctx context.Context) process {
	host, _ := os.Hostname()
	p := process{Engine: thisProcess, ID: thisProcess, Host: host, PID: os.Getpid(), Since: moment(started), Tasks: []task{}}
	here := d.sources[0]
	page, _ := here.browser.Browse(ctx, engine.Filter{Stage: engine.StageRunning, Most: mostOfProcess})
	for _, t := range page.Items {
		p.Tasks = append(p.Tasks, d.taskOf(here, t))
	}
	counts, _ := here.browser.Counts(ctx)
	calls := d.runner.Core().Calls()
	for _, c := range calls[:min(len(calls), max(mostOfProcess-len(p.Tasks), 0))] {
		t := d.taskOf(here, engine.Item{Task: c, Stage: engine.StageRunning, Started: c.At})
		t.Engine = "" // one of the engines
		p.Tasks = append(p.Tasks, t)
	}
	p.More = counts[engine.StageRunning].N + len(calls) - len(p.Tasks)
	slices.SortStableFunc(p.Tasks, func(a, b task) int {
		if a.Started == nil || b.Started == nil {
			return 0
		}
		return a.Started.Compare(*b.Started)
	})
	return p
}
