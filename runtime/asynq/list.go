package asynq

import (
	"context"
	"encoding/json"
	"errors"
	"slices"

	"github.com/bggen/bggen/runtime/engine"
	hibiken "github.com/hibiken/asynq"
)

// List is the tasks of the engine's queues, those of other clients too; of those
// in groups, which only these make, it is how many there are. When the attempt of
// one began that runs, asynq does not tell.
func (e *Engine) List(ctx context.Context, most int) (engine.Listing, error) {
	most = min(max(most, 1), 1000)
	return within(ctx, func() (engine.Listing, error) {
		list := engine.Listing{Total: map[engine.State]int{}}
		known, err := e.inspector.Queues() // nothing was stored yet in others
		if err != nil {
			return list, err
		}
		for _, queue := range e.config.queueNames() {
			if !slices.Contains(known, queue) {
				continue
			}
			if err := e.list(&list, queue, most); err != nil {
				return list, err
			}
		}
		list.Tasks = first(list.Tasks, most)
		return list, nil
	})
}

// list adds what is in a queue.
func (e *Engine) list(list *engine.Listing, queue string, most int) error {
	info, err := e.inspector.GetQueueInfo(queue)
	if err != nil {
		return err
	}
	list.Total[engine.Queued] += info.Pending + info.Scheduled + info.Retry + info.Aggregating
	list.Total[engine.Running] += info.Active
	list.Total[engine.Failed] += info.Archived
	// What was archived comes the oldest first: the newest are on the last page
	// that is full and the one after it.
	full := info.Archived / most
	for _, from := range []struct {
		list func(string, ...hibiken.ListOption) ([]*hibiken.TaskInfo, error)
		page int
	}{
		{e.inspector.ListPendingTasks, 1},
		{e.inspector.ListScheduledTasks, 1},
		{e.inspector.ListRetryTasks, 1},
		{e.inspector.ListActiveTasks, 1},
		{e.inspector.ListArchivedTasks, full + 1},
		{e.inspector.ListArchivedTasks, full},
	} {
		if from.page == 0 {
			continue
		}
		tasks, err := from.list(queue, hibiken.PageSize(most), hibiken.Page(from.page))
		if err != nil {
			return err
		}
		for _, t := range tasks {
			list.Tasks = append(list.Tasks, listed(t))
		}
	}
	return nil
}

// listed is a task as it is listed.
func listed(info *hibiken.TaskInfo) engine.Task {
	t := engine.Task{ID: info.ID, Status: statusOf(info), Args: info.Payload}
	if args, unique := info.Headers[headArgs]; unique {
		t.Args = json.RawMessage(args)
	}
	if !json.Valid(t.Args) {
		t.Args = nil // others may store what they like
	}
	switch info.State {
	case hibiken.TaskStateScheduled, hibiken.TaskStateRetry:
		t.At = info.NextProcessAt
	case hibiken.TaskStateArchived:
		t.At = info.LastFailedAt
	}
	return t
}

// first is those of each state that are due first, and that failed last.
func first(all []engine.Task, most int) (list []engine.Task) {
	slices.SortStableFunc(all, func(a, b engine.Task) int {
		if a.State == engine.Failed && b.State == engine.Failed {
			a, b = b, a
		}
		return a.At.Compare(b.At)
	})
	count, known := map[engine.State]int{}, map[string]bool{}
	for _, t := range all {
		if known[t.ID] {
			continue // it has come to another state in between
		}
		known[t.ID] = true
		if count[t.State]++; count[t.State] <= most {
			list = append(list, t)
		}
	}
	return list
}

// Retry has a task tried again that has failed for good: as often as it has
// attempts left, and once at least. asynq does not keep how many were made of
// one that has failed in its first: they are counted anew.
func (e *Engine) Retry(ctx context.Context, id string) (bool, error) {
	info, err := e.find(ctx, id)
	if err != nil || info == nil || info.State != hibiken.TaskStateArchived {
		return false, err
	}
	err = do(ctx, func() error { return e.inspector.RunTask(info.Queue, id) })
	if errors.Is(err, hibiken.ErrTaskNotFound) {
		return false, nil
	}
	return err == nil, err
}
