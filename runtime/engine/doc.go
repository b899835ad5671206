// Package engine is for authors of engines: of what stores background tasks
// outside the process that adds them, in a database or a broker, and runs them
// there or in another process. Programs use an engine by putting it into
// Runner.Engine of package runtime, and need nothing of this package.
//
// An engine implements [Engine], which is one method. What else it can do it
// says with further methods, each an interface of this package: [TxEnqueuer]
// stores tasks in a transaction of the caller's, [Oncer] stores a call once, [Worker] runs what is stored,
// [Statuser] and [Canceler] look after one task, [Lister] and [Retrier] let a
// page show and repeat them. A page that an operator works with needs more:
// [Browser] tells of all tasks, a page at a time, [Operator] does something to
// one, [QueueLister] and [Pauser] are for queues, [ProcessLister] for workers.
//
// Package enginetest, below this one, is a test suite that every engine should
// pass.
package engine
