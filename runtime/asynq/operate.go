package asynq

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strconv"

	"github.com/bggen/bggen/runtime/engine"
	hibiken "github.com/hibiken/asynq"
)

// Act does something to the task of a key.
func (e *Engine) Act(ctx context.Context, action engine.Action, key string) (bool, error) {
	info, err := e.look(ctx, key)
	if err != nil || info == nil || !slices.Contains(itemOf(info).Can, action) {
		return false, err
	}
	switch action {
	case engine.ActionCancel:
		return e.cancel(ctx, info)
	case engine.ActionDelete:
		err = do(ctx, func() error { return e.inspector.DeleteTask(info.Queue, info.ID) })
	default:
		err = do(ctx, func() error { return e.inspector.RunTask(info.Queue, info.ID) })
	}
	if errors.Is(err, hibiken.ErrTaskNotFound) {
		return false, nil
	}
	return err == nil, err
}

// Queues is the engine's queues in which something was stored.
func (e *Engine) Queues(ctx context.Context) ([]engine.Queue, error) {
	return within(ctx, func() (list []engine.Queue, err error) {
		queues, err := e.known()
		for _, queue := range queues {
			info, err := e.inspector.GetQueueInfo(queue)
			if err != nil {
				return nil, err
			}
			q := engine.Queue{Name: queue, Waiting: engine.Count{N: info.Pending}, Running: engine.Count{N: info.Active}, Paused: info.Paused}
			if info.Pending > 0 {
				q.Oldest = info.Timestamp.Add(-info.Latency)
			}
			list = append(list, q)
		}
		return list, err
	})
}

// Pause has no server take tasks of a queue, or has them take tasks again.
func (e *Engine) Pause(ctx context.Context, queue string, pause bool) error {
	return do(ctx, func() error {
		info, err := e.inspector.GetQueueInfo(queue)
		switch {
		case err != nil || info.Paused == pause:
			return err
		case pause:
			return e.inspector.PauseQueue(queue)
		}
		return e.inspector.UnpauseQueue(queue)
	})
}

// Processes is the processes whose servers have told Redis lately that they are alive.
func (e *Engine) Processes(ctx context.Context) ([]engine.Process, error) {
	return within(ctx, func() (list []engine.Process, err error) {
		servers, err := e.inspector.Servers()
		slices.SortFunc(servers, func(a, b *hibiken.ServerInfo) int {
			return cmp.Or(a.Started.Compare(b.Started), cmp.Compare(a.ID, b.ID))
		})
		at := map[string]int{} // a process has a server for each queue
		for _, s := range servers {
			where := s.Host + "/" + strconv.Itoa(s.PID)
			i, known := at[where]
			if !known {
				i, at[where] = len(list), len(list)
				list = append(list, engine.Process{ID: where, Host: s.Host, PID: s.PID, Since: s.Started})
			}
			p := &list[i]
			p.Most += s.Concurrency
			if s.Status != "active" {
				p.Note = s.Status
			}
			for queue := range s.Queues {
				p.Queues = append(p.Queues, queue)
			}
			slices.Sort(p.Queues)
			for _, w := range s.ActiveWorkers {
				t := engine.Item{Key: w.Queue + "/" + w.TaskID, Stage: engine.StageRunning, Queue: w.Queue, Started: w.Started}
				t.ID, t.Name, t.State, t.At = w.TaskID, w.TaskType, engine.Running, w.Started
				p.Tasks = append(p.Tasks, t)
			}
		}
		return list, err
	})
}

// ProcessesNote is empty: asynq tells of all.
func (e *Engine) ProcessesNote() string { return "" }
