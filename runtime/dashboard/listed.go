package dashboard

import (
	"context"
	"slices"
	"time"

	"github.com/bggen/bggen/runtime/engine"
)

// listed is an engine that lists its tasks, and not a page at a time.
type listed struct {
	engine.Lister
	retrier  engine.Retrier
	canceler engine.Canceler
	statuser engine.Statuser
}

func newListed(e engine.Engine, l engine.Lister) *listed {
	x := &listed{Lister: l}
	x.retrier, _ = e.(engine.Retrier)
	x.canceler, _ = e.(engine.Canceler)
	x.statuser, _ = e.(engine.Statuser)
	return x
}

// mostListed is how many tasks of each state are asked for.
const mostListed = 1000

// Browse pages through the first 1,000 tasks of each state. A cursor is how many have
// been shown.
func (l *listed) Browse(ctx context.Context, f engine.Filter) (engine.Page, error) {
	items, _, err := l.items(ctx)
	items = slices.DeleteFunc(items, func(t engine.Item) bool { return t.Stage != f.Stage || !fits(t, f) })
	return pageOf(items, f), err
}

// items is what the engine lists.
func (l *listed) items(ctx context.Context) (items []engine.Item, total map[engine.State]int, err error) {
	list, err := l.List(ctx, mostListed)
	known := map[string]bool{}
	for _, t := range list.Tasks {
		if t.ID != "" && known[t.ID] {
			continue // it has come to another state while the engine looked
		}
		known[t.ID] = true
		items = append(items, l.item(t))
	}
	return items, list.Total, err
}

func (l *listed) item(t engine.Task) engine.Item {
	x := engine.Item{Task: t, Key: t.ID}
	switch t.State {
	case engine.Running:
		x.Stage, x.Started = engine.StageRunning, t.At
	case engine.Failed:
		x.Stage, x.Ended = engine.StageFailed, t.At
	case engine.Done:
		x.Stage = engine.StageDone
	case engine.Queued:
		x.Due = t.At
		switch {
		case t.Attempt > 0:
			x.Stage = engine.StageRetrying
		case t.At.Before(time.Now()):
			x.Stage = engine.StageWaiting
		default:
			x.Stage = engine.StageDelayed
		}
	}
	if l.retrier != nil && t.State == engine.Failed {
		x.Can = append(x.Can, engine.ActionRetry)
	}
	if l.canceler != nil && (t.State == engine.Running || t.State == engine.Queued) {
		x.Can = append(x.Can, engine.ActionCancel)
	}
	if t.Err != nil {
		x.Failures = []engine.Attempt{{At: x.Ended, Number: t.Attempt, Error: t.Err.Error()}}
	}
	return x
}

// Counts is exact for what runs and has failed. What waits is divided as those are
// that are listed.
func (l *listed) Counts(ctx context.Context) (map[engine.Stage]engine.Count, error) {
	items, total, err := l.items(ctx)
	if err != nil {
		return nil, err
	}
	n := map[engine.Stage]int{}
	for _, t := range items {
		n[t.Stage]++
	}
	beyond := total[engine.Queued] > n[engine.StageWaiting]+n[engine.StageDelayed]+n[engine.StageRetrying]
	return map[engine.Stage]engine.Count{
		engine.StageRunning:  {N: total[engine.Running]},
		engine.StageFailed:   {N: total[engine.Failed]},
		engine.StageWaiting:  {N: n[engine.StageWaiting], More: beyond},
		engine.StageDelayed:  {N: n[engine.StageDelayed], More: beyond},
		engine.StageRetrying: {N: n[engine.StageRetrying], More: beyond},
	}, nil
}

// Look returns a task that is listed, or what the engine knows of it.
func (l *listed) Look(ctx context.Context, id string) (engine.Item, bool, error) {
	items, _, err := l.items(ctx)
	for _, t := range items {
		if t.ID == id && id != "" {
			return t, true, nil
		}
	}
	if l.statuser == nil || err != nil {
		return engine.Item{}, false, err
	}
	status, known, err := l.statuser.Status(ctx, id)
	return l.item(engine.Task{ID: id, Status: status}), known, err
}

// Act does what the engine can.
func (l *listed) Act(ctx context.Context, do engine.Action, id string) (bool, error) {
	switch {
	case do == engine.ActionRetry && l.retrier != nil:
		return l.retrier.Retry(ctx, id)
	case do == engine.ActionCancel && l.canceler != nil:
		return l.canceler.Cancel(ctx, id)
	}
	return false, nil
}
