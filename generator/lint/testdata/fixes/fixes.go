// Package fixes has mistakes with a safe way out.
package fixes

import (
	"context"

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
	bg.Add(func(c context.Context) error {
		work(c) // want `drops this error`
		return nil
	})
}
