package nats

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/bggen/bggen/runtime/engine"
	client "github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// find is what is known of a call, nil if nothing is.
func (e *Engine) find(ctx context.Context, id string) (*record, error) {
	if !plainName.MatchString(id) {
		return nil, nil
	}
	subjects := []string{e.subject(over, id), e.subject(failed, id), e.subject(begun, id)}
	for _, queue := range e.config.queueNames() {
		subjects = append(subjects, e.subject(waits, queue, ".", id), e.subject(due, queue, ".", id))
	}
	for _, s := range subjects {
		if r, err := e.get(ctx, s); r != nil || err != nil {
			return r, err
		}
	}
	return nil, nil
}

// Status is what the stream says of a call.
func (e *Engine) Status(ctx context.Context, id string) (engine.Status, bool, error) {
	r, err := e.find(ctx, id)
	if err != nil || r == nil {
		return engine.Status{}, false, err
	}
	return r.status(), true, nil
}

func (r *record) status() engine.Status {
	s := engine.Status{Name: r.Name, Handler: r.Meta[engine.MetaHandler], State: cmp.Or(r.State, engine.Queued), Attempt: r.Failed}
	if s.State == engine.Running || s.State == engine.Done {
		s.Attempt++ // this one has not failed
	}
	if r.Err != "" && s.State != engine.Done && s.State != engine.Cancelled {
		s.Err = errors.New(r.Err)
	}
	return s
}

func (e *Engine) cancelSubject() string { return "_" + e.config.Stream + ".cancel" }

// cancelHere cancels a call that runs in this process.
func (e *Engine) cancelHere(msg *client.Msg) {
	if cancel, here := e.running.Load(string(msg.Data)); here {
		cancel.(context.CancelCauseFunc)(errCancelled)
		msg.Respond(nil)
	}
}

// Cancel keeps a call from running. One that runs, in whatever process, has its
// context cancelled.
func (e *Engine) Cancel(ctx context.Context, id string) (bool, error) {
	r, err := e.find(ctx, id)
	if err != nil || r == nil {
		return false, err
	}
	switch r.State {
	case engine.Done, engine.Failed, engine.Cancelled:
		return false, nil
	case engine.Running:
		return e.cancelRunning(ctx, id)
	}
	r.State, r.Since = engine.Cancelled, time.Now()
	if _, err := e.put(ctx, e.subject(over, id), r, jetstream.WithMsgTTL(e.config.Keep)); err != nil {
		return false, fmt.Errorf("nats: %w", err)
	}
	err = errors.Join(e.unlock(ctx, r), e.remove(ctx, e.subject(due, r.queue(), ".", id)),
		e.remove(ctx, e.subject(waits, r.queue(), ".", id)), e.remove(ctx, e.subject(begun, id)))
	return err == nil, err
}

// cancelRunning asks the processes, of which one answers.
func (e *Engine) cancelRunning(ctx context.Context, id string) (bool, error) {
	ctx, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	_, err := e.conn.RequestWithContext(ctx, e.cancelSubject(), []byte(id))
	if errors.Is(err, client.ErrNoResponders) || errors.Is(err, context.DeadlineExceeded) {
		return false, nil
	}
	return err == nil, err
}

// List is the tasks of the stream.
func (e *Engine) List(ctx context.Context, n int) (engine.Listing, error) {
	n = min(max(n, 1), 1000)
	list := engine.Listing{}
	var running, queued []engine.Task
	begunNow, err := e.read(ctx, begun+">", 1000)
	if err != nil {
		return list, err
	}
	known := map[string]bool{}
	for _, r := range begunNow {
		known[r.ID] = true
		if r.State == engine.Running {
			running = append(running, r.listed())
		} else {
			queued = append(queued, r.listed())
		}
	}
	for _, kind := range []string{waits + ">", due + ">"} {
		found, err := e.read(ctx, kind, n+len(known))
		if err != nil {
			return list, err
		}
		for _, r := range found {
			if !known[r.ID] {
				queued = append(queued, r.listed())
			}
		}
	}
	ended, err := e.read(ctx, failed+">", 1000)
	if err != nil {
		return list, err
	}
	slices.Reverse(ended)
	var lost []engine.Task
	for _, r := range ended {
		lost = append(lost, r.listed())
	}
	all := 0
	for _, kind := range []string{waits + ">", due + ">"} {
		count, err := e.count(ctx, kind)
		if err != nil {
			return list, err
		}
		all += count
	}
	count, err := e.count(ctx, failed+">")
	list.Total = map[engine.State]int{engine.Queued: max(all-len(running), 0), engine.Running: len(running), engine.Failed: count}
	byTime := func(a, b engine.Task) int { return a.At.Compare(b.At) }
	slices.SortStableFunc(queued, byTime)
	slices.SortStableFunc(running, byTime)
	for _, some := range [][]engine.Task{queued, running, lost} {
		list.Tasks = append(list.Tasks, some[:min(n, len(some))]...)
	}
	return list, err
}

// read is the first messages of subjects, in the order in which they came.
func (e *Engine) read(ctx context.Context, subjects string, n int) (found []*record, err error) {
	for next := uint64(1); len(found) < n; {
		msg, err := e.stream.GetMsg(ctx, next, jetstream.WithGetMsgSubject(e.subject(subjects)))
		if errors.Is(err, jetstream.ErrMsgNotFound) {
			return found, nil
		}
		if err != nil {
			return nil, fmt.Errorf("nats: %w", err)
		}
		if r, err := read(msg.Data); err == nil {
			found = append(found, r)
		}
		next = msg.Sequence + 1
	}
	return found, nil
}

// count is how many messages there are.
func (e *Engine) count(ctx context.Context, subjects string) (int, error) {
	info, err := e.stream.Info(ctx, jetstream.WithSubjectFilter(e.subject(subjects)))
	if err != nil {
		return 0, fmt.Errorf("nats: %w", err)
	}
	return len(info.State.Subjects), nil
}

func (r *record) listed() engine.Task {
	t := engine.Task{ID: r.ID, Status: r.status(), Args: r.Args, At: r.Since}
	if r.State == "" {
		t.At = r.Call.At
	}
	return t
}

// Retry has a task tried again that has failed for good: as often as at first.
func (e *Engine) Retry(ctx context.Context, id string) (bool, error) {
	r, err := e.find(ctx, id)
	if err != nil || r == nil || r.State != engine.Failed {
		return false, err
	}
	again := record{Call: r.Call}
	again.At = time.Time{}
	if _, err := e.put(ctx, e.subject(waits, r.queue(), ".", id), &again); err != nil {
		return false, fmt.Errorf("nats: %w", err)
	}
	return true, e.remove(ctx, e.subject(failed, id))
}
