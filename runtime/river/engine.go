package river

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/bggen/bggen/runtime/engine"
	upstream "github.com/riverqueue/river"
)

// An Engine stores tasks as River's jobs, and works on them. It is used by any
// number of goroutines.
type Engine struct {
	logger  *slog.Logger
	address string // for errors: no password

	// client inserts. While Work runs it is the one that works: where there is
	// no LISTEN, a client wakes itself for what it has inserted.
	client atomic.Pointer[client]

	// reader is a client on a connection of its own, which never waits for the one
	// that writes; nil: there is none, and none is needed.
	reader client

	// own are the inserts into transactions of other kinds than the client's.
	own []func(ctx context.Context, tx any, jobs []upstream.InsertManyParams) (bool, error)

	// prepare makes the client that works.
	prepare func(*worker, []string) (client, error)

	// queues are those that are named; nil: any, for a client of the caller's. Then
	// used are those that this process has stored in: River knows the others.
	queues map[string]int
	used   sync.Map

	longest time.Duration // of a task without a timeout; 0: as the client says

	close func() error
	hint  func(error) error // says more of an error of storing

	running sync.Map // the context.CancelCauseFunc of what runs here, by id
}

var (
	_ engine.TxEnqueuer = (*Engine)(nil)
	_ engine.Oncer      = (*Engine)(nil)
	_ engine.Worker     = (*Engine)(nil)
	_ engine.Statuser   = (*Engine)(nil)
	_ engine.Canceler   = (*Engine)(nil)
	_ engine.Lister     = (*Engine)(nil)
	_ engine.Retrier    = (*Engine)(nil)

	_ engine.Browser       = (*Engine)(nil)
	_ engine.Operator      = (*Engine)(nil)
	_ engine.QueueLister   = (*Engine)(nil)
	_ engine.Pauser        = (*Engine)(nil)
	_ engine.ProcessLister = (*Engine)(nil)
)

// storing is how long Enqueue may take.
const storing = 5 * time.Second

var errStoring = fmt.Errorf("the database has not answered for %v", storing)

// Enqueue stores the calls in a transaction of its own.
func (e *Engine) Enqueue(ctx context.Context, calls []engine.Call) error {
	jobs, err := e.jobsOf(calls)
	if err != nil || len(jobs) == 0 {
		return err
	}
	ctx, cancel := context.WithTimeoutCause(ctx, storing, errStoring)
	defer cancel()
	if err := (*e.client.Load()).insert(ctx, jobs); err != nil {
		if context.Cause(ctx) == errStoring {
			err = errors.Join(errStoring, err)
		}
		return e.hint(err)
	}
	return nil
}

// EnqueueTx stores the calls in tx: a *sql.Tx of the same SQLite file, or a
// pgx.Tx or *sql.Tx of the same PostgreSQL database. For an engine of [New] it
// is a transaction of the kind that the client takes.
func (e *Engine) EnqueueTx(ctx context.Context, tx any, calls []engine.Call) (bool, error) {
	jobs, err := e.jobsOf(calls)
	if err != nil || len(jobs) == 0 {
		return err == nil, err
	}
	known, err := (*e.client.Load()).insertTx(ctx, tx, jobs)
	for i := 0; !known && err == nil && i < len(e.own); i++ {
		known, err = e.own[i](ctx, tx, jobs)
	}
	return known, err
}

// jobsOf is the jobs of calls, where their queues are worked on.
func (e *Engine) jobsOf(calls []engine.Call) ([]upstream.InsertManyParams, error) {
	for _, c := range calls {
		if e.queues == nil && c.Queue != "" {
			e.used.Store(c.Queue, true)
		}
		if _, named := e.queues[c.Queue]; e.queues != nil && !named && c.Queue != "" {
			return nil, fmt.Errorf("task %s: no worker looks into the queue %q: name it in Queues of the river.Config that opens the engine", c.Name, c.Queue)
		}
	}
	return jobsOf(calls)
}

// Remembers is how long River keeps jobs that have succeeded, unless the client of
// [New] has another CompletedJobRetentionPeriod. The others it keeps for longer.
func (e *Engine) Remembers() time.Duration { return 24 * time.Hour }

// Close closes what Open has opened. An engine of [New] leaves the client as it
// is. It is called when Work has returned.
func (e *Engine) Close() error { return e.close() }

// reads is the client that looks at jobs.
func (e *Engine) reads() client {
	if e.reader != nil {
		return e.reader
	}
	return *e.client.Load()
}

// use has c insert from now on.
func (e *Engine) use(c client) { e.client.Store(&c) }
