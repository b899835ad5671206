package runtime

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Idle waits until no task runs or waits and no request is in flight that could add one.
// If ctx ends first, it returns the cause of that.
func (r *Runner) Idle(ctx context.Context) error { return r.Core().Idle(ctx) }

// Shutdown waits until all tasks have run. Requests that may add tasks are answered with
// 503 from now on; those in flight may still add some. Call Shutdown after the Shutdown of
// the server, or use [Serve], which does.
//
// If ctx ends first, the context of the tasks that run is cancelled and no other task is
// started. A task that waits for its time, or for another attempt, and is not due before
// the deadline of ctx is given up at once. In both cases Shutdown returns a
// [*ShutdownError] with the tasks that were left.
func (r *Runner) Shutdown(ctx context.Context) error {
	left, err := r.Core().Shutdown(ctx)
	if err == nil {
		return nil
	}
	e := &ShutdownError{cause: err}
	for _, l := range left {
		e.Left = append(e.Left, LeftTask(l))
	}
	return e
}

// A ShutdownError is the error of a [Runner.Shutdown] that has left tasks behind.
type ShutdownError struct {
	// Left are the tasks that had not ended, those that were running first. It is
	// empty if only requests were in flight.
	Left []LeftTask

	cause error
}

// A LeftTask is a task that a [Runner.Shutdown] has left behind.
type LeftTask struct {
	Name    string        // of the task; of a closure, its file and line
	Handler string        // of the request
	ID      string        // "" if nobody has asked for it
	Running time.Duration // how long it had run; 0 if it had not started
}

// String is what messages call the task: that of a closure is App.Upload: app.go:256.
func (t LeftTask) String() string {
	if dir, file := filepath.Split(t.Name); dir != "" && strings.Contains(file, ".go:") {
		return t.Handler + ": " + file
	}
	return t.Name
}

func (e *ShutdownError) Error() string {
	if len(e.Left) == 0 {
		return fmt.Sprintf("requests were still in flight: %v", e.cause)
	}
	what := "background tasks"
	if len(e.Left) == 1 {
		what = "background task"
	}
	return fmt.Sprintf("%d %s left: %s: %v", len(e.Left), what, e.groups(), e.cause)
}

// groups is the tasks by what they are called, the most frequent ones first. It is for a
// log line: Left has them all.
func (e *ShutdownError) groups() string {
	type group struct {
		name   string
		count  int
		oldest time.Duration
	}
	var groups []*group
	byName := map[string]*group{}
	for _, t := range e.Left {
		g := byName[t.String()]
		if g == nil {
			g = &group{name: t.String()}
			byName[g.name] = g
			groups = append(groups, g)
		}
		g.count++
		g.oldest = max(g.oldest, t.Running)
	}
	slices.SortStableFunc(groups, func(a, b *group) int { return b.count - a.count })
	const most = 20
	var texts []string
	for _, g := range groups[:min(len(groups), most)] {
		text := g.name
		if g.count > 1 {
			text += " ×" + strconv.Itoa(g.count)
		}
		switch {
		case g.oldest > 0 && g.count > 1:
			text += " (oldest running for " + rounded(g.oldest) + ")"
		case g.oldest > 0:
			text += " (running for " + rounded(g.oldest) + ")"
		}
		texts = append(texts, text)
	}
	if more := len(groups) - most; more > 0 {
		texts = append(texts, fmt.Sprintf("and %d other names", more))
	}
	return strings.Join(texts, ", ")
}

func rounded(d time.Duration) string {
	if d < time.Second {
		return d.Round(time.Millisecond).String()
	}
	return d.Round(time.Second).String()
}

// Unwrap returns why the waiting has ended: the cause of the context of Shutdown.
func (e *ShutdownError) Unwrap() error { return e.cause }
