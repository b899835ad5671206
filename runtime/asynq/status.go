package asynq

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/bggen/bggen/runtime/engine"
	hibiken "github.com/hibiken/asynq"
	"github.com/redis/go-redis/v9"
)

// Status is what is known of a call: while it waits or runs, for 90 days when it
// has failed for good, and as long as [Config.Keep] says when it has succeeded.
func (e *Engine) Status(ctx context.Context, id string) (engine.Status, bool, error) {
	name, cancelled, err := e.cancelled(ctx, id)
	if err != nil || cancelled {
		return engine.Status{Name: name, State: engine.Cancelled}, cancelled, err
	}
	info, err := e.find(ctx, id)
	if err != nil || info == nil {
		return engine.Status{}, false, err
	}
	return statusOf(info), true, nil
}

// statusOf is what asynq says of a call that was not cancelled.
func statusOf(info *hibiken.TaskInfo) engine.Status {
	failed := tallyOf(info).Failed
	if _, ours := info.Headers[headCall]; !ours {
		failed = info.Retried
		if info.State == hibiken.TaskStateArchived {
			failed++ // the last one is not a retry
		}
	}
	status := engine.Status{Name: info.Type, Handler: info.Headers[engine.MetaHandler], State: engine.Queued, Attempt: failed}
	switch info.State {
	case hibiken.TaskStateActive:
		status.State, status.Attempt = engine.Running, failed+1
	case hibiken.TaskStateCompleted:
		status.State, status.Attempt = engine.Done, failed+1
	case hibiken.TaskStateArchived:
		status.State = engine.Failed
	}
	if info.LastErr != "" && (status.State == engine.Queued || status.State == engine.Failed) {
		status.Err = errors.New(info.LastErr)
	}
	return status
}

// Cancel keeps a call from running that waits, for its time or for another
// attempt, and ends the context of one that runs. It reports false when there is
// none, or it has ended.
func (e *Engine) Cancel(ctx context.Context, id string) (bool, error) {
	info, err := e.find(ctx, id)
	if err != nil || info == nil {
		return false, err
	}
	return e.cancel(ctx, info)
}

func (e *Engine) cancel(ctx context.Context, info *hibiken.TaskInfo) (bool, error) {
	id := info.ID
	switch info.State {
	case hibiken.TaskStateCompleted, hibiken.TaskStateArchived:
		return false, nil
	case hibiken.TaskStateActive:
		return true, e.interrupt(ctx, info)
	}
	err := do(ctx, func() error { return e.inspector.DeleteTask(info.Queue, id) })
	switch {
	case err == nil:
		return true, e.markCancelled(ctx, id, info.Type)
	case errors.Is(err, hibiken.ErrTaskNotFound):
		return false, nil
	}
	// It has just begun, or somebody else has moved it.
	if again, err := e.find(ctx, id); err == nil && again != nil && again.State == hibiken.TaskStateActive {
		return true, e.interrupt(ctx, info)
	}
	return false, err
}

// interrupt cancels a call that runs. asynq ends its context and would try it
// again: the mark keeps it from that.
func (e *Engine) interrupt(ctx context.Context, info *hibiken.TaskInfo) error {
	if err := e.markCancelled(ctx, info.ID, info.Type); err != nil {
		return err
	}
	err := do(ctx, func() error { return e.inspector.CancelProcessing(info.ID) })
	if err == nil {
		go e.insist(info)
	}
	return err
}

// insist cancels a call again while it still runs. A worker that has just started, or
// has lost its connection, does not hear of what is cancelled.
func (e *Engine) insist(info *hibiken.TaskInfo) {
	for wait := 50 * time.Millisecond; wait < 5*time.Second; wait *= 4 {
		select {
		case <-e.closed.Done():
			return
		case <-time.After(wait):
		}
		now, err := e.inspector.GetTaskInfo(info.Queue, info.ID)
		if err != nil || now.State != hibiken.TaskStateActive {
			return
		}
		e.inspector.CancelProcessing(info.ID) // if it fails, the next one may not
	}
}

// find looks for a call in all queues. nil: there is none.
func (e *Engine) find(ctx context.Context, id string) (*hibiken.TaskInfo, error) {
	return within(ctx, func() (*hibiken.TaskInfo, error) {
		for _, queue := range e.config.queueNames() {
			info, err := e.inspector.GetTaskInfo(queue, id)
			if err == nil {
				return info, nil
			}
			if !errors.Is(err, hibiken.ErrTaskNotFound) && !errors.Is(err, hibiken.ErrQueueNotFound) {
				return nil, err
			}
		}
		return nil, nil
	})
}

// within calls f, which has no context of its own, and waits for it no longer
// than ctx lasts.
func within[T any](ctx context.Context, f func() (T, error)) (T, error) {
	var value T
	var err error
	var panicked any
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		defer func() { panicked = recover() }()
		value, err = f()
	}()
	select {
	case <-ended:
		if panicked != nil {
			panic(panicked)
		}
		return value, err
	case <-ctx.Done():
		var none T
		return none, context.Cause(ctx)
	}
}

// do is within for what returns nothing else.
func do(ctx context.Context, f func() error) error {
	_, err := within(ctx, func() (struct{}, error) { return struct{}{}, f() })
	return err
}

// cancelledKey is the key of the mark of a call that was cancelled. Its value is
// the name of the task.
func cancelledKey(id string) string { return "bggen:cancelled:" + id }

// markCancelled keeps that a call was cancelled, for its status, and for the
// process that would run it again.
func (e *Engine) markCancelled(ctx context.Context, id, name string) error {
	if err := e.redis.Set(ctx, cancelledKey(id), name, max(e.config.Keep, time.Hour)).Err(); err != nil {
		return fmt.Errorf("asynq: %w", err)
	}
	return nil
}

// cancelled reports whether a call was cancelled.
func (e *Engine) cancelled(ctx context.Context, id string) (name string, cancelled bool, err error) {
	name, err = e.redis.Get(ctx, cancelledKey(id)).Result()
	if errors.Is(err, redis.Nil) {
		return "", false, nil
	}
	return name, err == nil, err
}
