package river

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/bggen/bggen/runtime/engine"
	upstream "github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"
)

// Act does something to the job of a key.
func (e *Engine) Act(ctx context.Context, do engine.Action, key string) (bool, error) {
	job, err := e.look(ctx, key)
	if err != nil || job == nil {
		return false, err
	}
	_, can := stageOf(job)
	for _, a := range can {
		if a != do {
			continue
		}
		switch do {
		case engine.ActionRetry, engine.ActionRun:
			return e.again(ctx, job)
		case engine.ActionCancel:
			return e.cancel(ctx, job)
		case engine.ActionDelete:
			_, err := (*e.client.Load()).JobDelete(ctx, job.ID)
			if errors.Is(err, rivertype.ErrNotFound) || errors.Is(err, rivertype.ErrJobRunning) {
				return false, nil
			}
			return err == nil, err
		}
	}
	return false, nil
}

// Queues is the queues that a client works on, or has worked on lately.
func (e *Engine) Queues(ctx context.Context) ([]engine.Queue, error) {
	c := e.reads()
	list, err := c.QueueList(ctx, upstream.NewQueueListParams().First(1000))
	if err != nil {
		return nil, err
	}
	paused := map[string]bool{}
	names := []string{upstream.QueueDefault}
	for name := range e.queues {
		names = append(names, name)
	}
	e.used.Range(func(name, _ any) bool {
		names = append(names, name.(string))
		return true
	})
	for _, q := range list.Queues {
		names = append(names, q.Name)
		paused[q.Name] = q.PausedAt != nil
	}
	slices.Sort(names)
	var queues []engine.Queue
	for _, name := range slices.Compact(names) {
		q, err := e.queue(ctx, c, name)
		if err != nil {
			return nil, err
		}
		q.Paused = paused[name]
		queues = append(queues, q)
	}
	return queues, nil
}

func (e *Engine) queue(ctx context.Context, c client, name string) (q engine.Queue, err error) {
	postgres := c.listens()
	arg, seconds := "?1", "(julianday(scheduled_at) - 2440587.5) * 86400.0"
	if postgres {
		arg, seconds = "$1", "CAST(EXTRACT(EPOCH FROM scheduled_at) AS float8)"
	}
	count := func(state string) string {
		return fmt.Sprintf("(SELECT count(*) FROM (SELECT 1 FROM %s WHERE state = '%s' AND queue = %s LIMIT %d) AS %s)", c.table(), state, arg, counted+1, state)
	}
	var oldest *float64
	q.Name = name
	err = c.row(ctx, fmt.Sprintf("SELECT %s, %s, (SELECT %s FROM %s WHERE state = 'available' AND queue = %s ORDER BY priority, scheduled_at, id LIMIT 1)",
		count("available"), count("running"), seconds, c.table(), arg), name).Scan(&q.Waiting.N, &q.Running.N, &oldest)
	for _, n := range []*engine.Count{&q.Waiting, &q.Running} {
		n.More, n.N = n.N > counted, min(n.N, counted)
	}
	if oldest != nil {
		q.Oldest = time.UnixMilli(int64(*oldest * 1000))
	}
	return q, err
}

// Pause has no client take jobs of a queue, or has them take jobs again.
func (e *Engine) Pause(ctx context.Context, queue string, pause bool) error {
	c := *e.client.Load()
	do := c.QueueResume
	if pause {
		do = c.QueuePause
	}
	if err := do(ctx, queue, nil); errors.Is(err, rivertype.ErrNotFound) {
		return fmt.Errorf("no client has worked on the queue %q yet", queue)
	} else if err != nil {
		return err
	}
	return nil
}

// Processes is the clients that run jobs, and the one that leads.
func (e *Engine) Processes(ctx context.Context) ([]engine.Process, error) {
	page, err := e.Browse(ctx, engine.Filter{Stage: engine.StageRunning, Most: 1000})
	if err != nil {
		return nil, err
	}
	var list []engine.Process
	of := func(id string) *engine.Process {
		for i := range list {
			if list[i].ID == id {
				return &list[i]
			}
		}
		list = append(list, processOf(id))
		return &list[len(list)-1]
	}
	c := e.reads()
	var leader string
	err = c.row(ctx, "SELECT coalesce(max(leader_id), '') FROM "+strings.Replace(c.table(), "river_job", "river_leader", 1)+" WHERE expires_at > CURRENT_TIMESTAMP").Scan(&leader)
	if err != nil {
		return nil, err
	}
	if leader != "" {
		of(leader).Note = "looks after delayed tasks and old jobs for all"
	}
	for _, t := range page.Items {
		p := of(t.Process)
		p.Tasks = append(p.Tasks, t)
		if !slices.Contains(p.Queues, t.Queue) {
			p.Queues = append(p.Queues, t.Queue)
		}
	}
	return list, nil
}

// ProcessesNote says what River does not tell.
func (e *Engine) ProcessesNote() string {
	return "tells of a process while it runs a task, and of the one that leads: it knows of no others"
}

// processOf is what the id of a client says, if the client was given none: its host,
// and when it was made.
func processOf(id string) engine.Process {
	p := engine.Process{ID: id}
	const form = "2006_01_02T15_04_05.000000"
	if n := len(id) - len(form); n > 1 {
		text := id[n:n+len(form)-7] + "." + id[len(id)-6:]
		if since, err := time.ParseInLocation(form, text, time.Local); err == nil && id[n-1] == '_' {
			p.Host, p.Since = id[:n-1], since
		}
	}
	return p
}
