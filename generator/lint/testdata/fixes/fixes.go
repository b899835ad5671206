// Package fixes has mistakes with a safe way out. // want package:"directed"
package fixes

import (
	"context"
	"errors"
	"net/http"

	"github.com/bggen/bggen/runtime"
)

func work(context.Context) error { return nil }

//bggen:route POST /a
func handler(ctx context.Context, bg *runtime.BackgroundTasks) {
	bg.Add(func(context.Context) error {
		return work(ctx) // want `use the task's own context`
	})
	bg.Add(func(_ context.Context) error {
		return work(ctx) // want `use the task's own context`
	})
	bg.Add(func(task context.Context) error {
		return work(ctx) // want `use the task's own context`
	})
	bg.Add(func(context.Context) error {
		return work(context.Background()) // want `a context of its own`
	})
	bg.Add(func(task context.Context) error {
		if err := work(ctx); err != nil { // want `use the task's own context`
			return work(ctx)
		}
		return func() error { return work(ctx) }()
	})
	bg.Add(func(context.Context) error {
		ctx, cancel := context.WithCancel(ctx) // want `use the task's own context`
		defer cancel()
		return work(ctx)
	})
	bg.Add(func(c context.Context) error {
		for _, c := range "a" {
			_ = c
			return work(ctx) // want `use the task's own context`
		}
		return nil
	})
	bg.Add(func(context.Context) error {
		var other = context.Background()
		ctx := ctx // want `use the task's own context`
		return errors.Join(work(other), work(ctx))
	})
	bg.Add(func(c context.Context) error {
		work(c) // want `drops this error`
		// There is nothing else to do.
		return nil
	})
	bg.Add(func(c context.Context) error { work(c); return nil }) // want `drops this error`
}

func consume(r *http.Request, bg *runtime.BackgroundTasks) {
	ctx := r.Context()
	bg.Add(func(context.Context) error { return work(ctx) }) // want `use the task's own context`
}

// shared would have a variable that is not used, if both were given a fix.
func shared(r *http.Request, bg *runtime.BackgroundTasks) {
	both := r.Context()
	bg.Add(func(context.Context) error { return work(both) }) // want `use the task's own context`
	bg.Add(func(context.Context) error { return work(both) }) // want `use the task's own context`
}

func others(r *http.Request, bg *runtime.BackgroundTasks) {
	req := r
	bg.Add(func(context.Context) error { return work(req.Context()) }) // want `use the task's own context`
	var set context.Context
	set = r.Context()
	bg.Add(func(context.Context) error { return work(set) })                                         // want `use the task's own context`
	bg.Add(func(context.Context) error { return errors.Join(work(r.Context()), work(r.Context())) }) // want `use the task's own context`
}
