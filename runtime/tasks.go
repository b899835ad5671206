package runtime

import (
	"context"

	"github.com/bggen/bggen/runtime/internal/core"
)

// BackgroundTasks collects the tasks of one request, which run after its response, one
// after the other, in the order in which they were added. The handler of a request and
// everything it depends on are given the same BackgroundTasks.
//
// It may be used by several goroutines at once. The zero value collects tasks and runs
// none of them, which is what a unit test of a handler needs.
type BackgroundTasks core.Unit

// unit is the unit of b; that of a nil b takes tasks and runs none.
func (b *BackgroundTasks) unit() *core.Unit {
	if b == nil {
		return new(core.Unit)
	}
	return (*core.Unit)(b)
}

// Add adds a task, which runs after the response.
//
// The context of the task has the values of the request's context. It does not end with
// the request; it ends when the task returns, when [Runner.Cancel] is called for the
// task, and when a [Runner.Shutdown] has run out of time. An error that the task
// returns, or a panic, is reported and stops nothing else.
//
// A task may add tasks. They run after those that were added before. Tasks that are
// added when all others have ended run as well.
func (b *BackgroundTasks) Add(task func(context.Context) error, opts ...TaskOption) {
	t := core.NewTask(task, opts)
	core.ForTask((*core.Unit)(b), t).Add(t)
}

// Len returns the number of tasks that have been added and have not started.
func (b *BackgroundTasks) Len() int { return b.unit().Len() }

// Clear drops the tasks that have not started.
func (b *BackgroundTasks) Clear() { b.unit().Clear() }

// StopOnFailure makes the first task that fails, in all of its attempts, drop the tasks
// after it. Without it they run all the same.
func (b *BackgroundTasks) StopOnFailure() { b.unit().StopOnFailure() }

// StoreIn stores the tasks that an engine is to run, as far as they have been added, in
// the transaction tx. They run if tx is committed, and only then. Call it in the cleanup
// of the provider that made tx, before the commit. An engine that does not know such
// transactions stores its tasks after the cleanups, as it does without StoreIn.
func (b *BackgroundTasks) StoreIn(ctx context.Context, tx any) error {
	return b.unit().StoreIn(ctx, tx)
}

// FromContext returns the BackgroundTasks of a request that [Collect] serves, or of the
// task that runs with ctx. It returns nil if there is none: what is added to that does
// not run, and is logged as an error.
func FromContext(ctx context.Context) *BackgroundTasks {
	return (*BackgroundTasks)(core.FromContext(ctx))
}
