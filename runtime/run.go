package runtime

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"runtime"
	"runtime/debug"
)

// TaskInfo says which task a report is about.
type TaskInfo struct {
	Name    string // import path and function, or what Named said, or file and line
	Handler string // package and function of the handler that added it
	Attempt int    // 1 for the first
}

// PanicError is the error of a task that panicked.
type PanicError struct {
	Value any    // what it panicked with
	Stack []byte // of the task, as debug.Stack formats it
}

func (e *PanicError) Error() string { return fmt.Sprintf("panic: %v", e.Value) }

// Unwrap is the value a task panicked with, if that is an error.
func (e *PanicError) Unwrap() error {
	err, _ := e.Value.(error)
	return err
}

var errGoexit = errors.New("the task called runtime.Goexit")

// runTask runs t and reports its failure. It returns to its caller whatever
// the task does, unless the task ends its goroutine.
func (r *Runner) runTask(b *BackgroundTasks, t task) {
	err := errGoexit
	defer func() {
		if p := recover(); p != nil {
			err = &PanicError{p, debug.Stack()}
		}
		r.ran.Add(1)
		if err != nil {
			r.report(b, t, err)
		}
	}()
	err = t.run((*taskContext)(b))
}

// report tells the log and the hook of a task that failed.
func (r *Runner) report(b *BackgroundTasks, t task, err error) {
	r.failed.Add(1)
	ctx := (*taskContext)(b)
	info := TaskInfo{Name: t.name(), Handler: b.handler, Attempt: 1}
	attrs := []any{"task", info.Name, "handler", info.Handler, "attempt", info.Attempt, "error", err}
	if p, ok := err.(*PanicError); ok {
		attrs = append(attrs, "stack", string(p.Stack))
	}
	r.logger().ErrorContext(ctx, "background task failed", attrs...)
	if r.OnError != nil {
		r.callOnError(ctx, info, err)
	}
}

// callOnError keeps a hook that panics from ending the process.
func (r *Runner) callOnError(ctx context.Context, info TaskInfo, err error) {
	defer func() {
		if p := recover(); p != nil {
			r.logger().ErrorContext(ctx, "Runner.OnError panicked", "task", info.Name, "panic", p)
		}
	}()
	r.OnError(ctx, info, err)
}

// name is what reports call t: it is looked up when there is something to
// report, so that a task that succeeds does not pay for its name.
func (t task) name() string {
	if t.spec != nil && t.spec.name != "" {
		return t.spec.name
	}
	pc := reflect.ValueOf(t.run).Pointer()
	f := runtime.FuncForPC(pc)
	if f == nil {
		return "a closure"
	}
	file, line := f.FileLine(pc)
	return fmt.Sprintf("%s:%d", file, line)
}
