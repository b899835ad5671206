package runtime

import (
	"context"

	"github.com/bggen/bggen/runtime/internal/core"
)

// BackgroundTasks collects the tasks of one request: they run after the
// response, one after the other, in the order in which they were added. Every
// handler and provider of a request is given the same collector.
//
// It may be used from several goroutines. The zero value collects and runs
// nothing, which is what unit tests of handlers need.
type BackgroundTasks core.Unit

func (b *BackgroundTasks) unit() *core.Unit { return (*core.Unit)(b) }

// Add has task run after the response. Its context keeps the values of the
// request's context and not its cancellation; it is cancelled when a
// [Runner.Shutdown] runs out of time. An error or a panic is reported, and
// stops nothing else.
//
// A task may add tasks: they run last. Tasks that are added when all others
// have ended run as a new batch.
func (b *BackgroundTasks) Add(task func(context.Context) error, opts ...TaskOption) {
	b.unit().Add(core.NewTask(task, opts))
}

// Len is the number of tasks that have been added and have not started.
func (b *BackgroundTasks) Len() int { return b.unit().Len() }

// Clear discards the tasks that have not started.
func (b *BackgroundTasks) Clear() { b.unit().Clear() }

// StopOnFailure has the first task that fails, in all its attempts, drop those
// after it, as Starlette does.
func (b *BackgroundTasks) StopOnFailure() { b.unit().StopOnFailure() }

// StoreIn has the engine tasks that were added so far stored in tx, a
// transaction of the caller's: call it in a settling provider, before it
// commits. Tasks of an engine that knows nothing of such transactions are stored
// after settling, as if it had not been called.
func (b *BackgroundTasks) StoreIn(ctx context.Context, tx any) error {
	return b.unit().StoreIn(ctx, tx)
}

// FromContext is the collector of a request that [Collect] serves, or of the
// task that runs with that context; nil if there is none.
func FromContext(ctx context.Context) *BackgroundTasks {
	return (*BackgroundTasks)(core.FromContext(ctx))
}
