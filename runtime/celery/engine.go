package celery

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"sync"
	"time"

	"github.com/bggen/bggen/runtime/engine"
)

// An Engine publishes calls of tasks to the workers of a Celery fleet. Make one
// with [Open]. It runs no task itself. Its methods may be called by several
// goroutines at once.
type Engine struct {
	broker  broker
	results results // nil: none are read
	queue   string
	expires time.Duration
	replyTo string // the queue of the results, "" without RPC
	origin  string
	logger  *slog.Logger
	warned  sync.Map // the names of tasks that a warning was logged for

	closing sync.Once
	closed  error // what came of it
}

var _ engine.Statuser = (*Engine)(nil)

// A broker stores messages for the workers.
type broker interface {
	// publish returns when the broker has confirmed all messages.
	publish(ctx context.Context, messages []message) error
	close() error
}

// results is where workers leave what has become of tasks.
type results interface {
	// peek is what is known of a task now, nil if nothing is.
	peek(ctx context.Context, id string) (*meta, error)

	// wait returns when the task has ended, or ctx has.
	wait(ctx context.Context, id string) (*meta, error)
	close() error
}

// enqueueLimit is how long Enqueue tries where its context sets no limit: the
// client of a request waits for it.
const enqueueLimit = 10 * time.Second

// Enqueue publishes the calls and returns when the broker has all of them: in
// one round trip with Redis, and with RabbitMQ in one wait for the confirms of
// up to 256 messages. Redis takes all or none. RabbitMQ knows nothing of the
// kind: of calls whose Enqueue has failed, some may run. Where a connection is
// lost before the broker has answered, the calls are sent again, and may run
// twice.
func (e *Engine) Enqueue(ctx context.Context, calls []engine.Call) error {
	if len(calls) == 0 {
		return nil
	}
	messages := make([]message, len(calls))
	now := time.Now()
	for i, c := range calls {
		m, err := e.message(c, now)
		if err != nil {
			return err
		}
		messages[i] = m
	}
	ctx, cancel := context.WithTimeout(ctx, enqueueLimit)
	defer cancel()
	return e.broker.publish(ctx, messages)
}

// Status is what the result backend knows of a task. It knows nothing of one
// that waits, and of one that runs only if the workers have task_track_started.
// The name and the attempt are known where they have result_extended.
func (e *Engine) Status(ctx context.Context, id string) (engine.Status, bool, error) {
	if e.results == nil {
		return engine.Status{}, false, nil
	}
	m, err := e.results.peek(ctx, id)
	if err != nil || m == nil {
		return engine.Status{}, false, err
	}
	return m.taskStatus(id), true, nil
}

// Close closes the connections. Calls of Enqueue and Result that run may fail.
func (e *Engine) Close() error {
	e.closing.Do(func() {
		var errs []error
		if e.results != nil {
			errs = append(errs, e.results.close())
		}
		if e.broker != nil {
			errs = append(errs, e.broker.close())
		}
		e.closed = errors.Join(errs...)
	})
	return e.closed
}

// warnOnce tells once per task that its options ask for what only its worker
// can give.
func (e *Engine) warnOnce(task string) {
	if _, told := e.warned.LoadOrStore(task, true); !told {
		e.logger.Warn("Attempts and Backoff of a Celery task are its worker's business: set max_retries, autoretry_for and retry_backoff there", "task", task)
	}
}

// origin names this process, as Celery's own publishers name theirs.
func origin() string {
	host, err := os.Hostname()
	if err != nil {
		host = "localhost"
	}
	return fmt.Sprintf("bggen%d@%s", os.Getpid(), host)
}
