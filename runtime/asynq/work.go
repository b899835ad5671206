package asynq

import (
	"cmp"
	"context"
	"errors"
	"sync"
	"time"

	"github.com/bggen/bggen/runtime/engine"
	hibiken "github.com/hibiken/asynq"
)

const (
	// delayedCheck is how often calls that are delayed, or wait for another
	// attempt, are looked at: their times are whole seconds.
	delayedCheck = 500 * time.Millisecond

	// lastWord is how long a task may take to return when its context was
	// cancelled at the end of a stop, before it is left behind.
	lastWord = time.Second

	// neverAbort is asynq's own deadline for a stop, which is fixed when it
	// begins to work. The drain of Work is ours, and earlier.
	neverAbort = 24 * time.Hour
)

// Work runs calls of the tasks of these names, as [engine.Worker] says. While
// Redis does not answer it goes on trying, and says so in the log.
func (e *Engine) Work(ctx, drain context.Context, names []string, run func(context.Context, engine.Call) error) error {
	end, err := e.begin()
	if err != nil {
		return err
	}
	defer end()
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	drain, hurry := context.WithCancel(drain)
	defer hurry()
	last, leave := context.WithCancel(context.Background())
	defer leave()
	defer context.AfterFunc(e.closed, func() { stop(); hurry() })()
	defer context.AfterFunc(drain, func() { time.AfterFunc(lastWord, leave) })()
	w := &worker{Engine: e, names: map[string]bool{}, run: run, drain: drain, last: last}
	for _, name := range names {
		w.names[name] = true
	}
	servers, err := w.start(ctx)
	if err != nil {
		return err
	}
	<-ctx.Done()
	stopped := make(chan struct{})
	go func() {
		shutdown(servers) // waits for the tasks that run
		close(stopped)
	}()
	select {
	case <-stopped:
		return nil
	case <-last.Done():
	}
	select {
	case <-stopped:
		return nil
	case <-time.After(greetWithin):
		return errors.New("asynq: the end of the work cannot be told to Redis at " + where(e.redis) + ": what was running runs again")
	}
}

// start starts a server for each queue: each runs so many tasks at once.
func (w *worker) start(ctx context.Context) (servers []*hibiken.Server, err error) {
	log := &asynqLog{logger: w.config.Logger}
	for name, concurrency := range w.config.Queues {
		server := hibiken.NewServerFromRedisClient(w.redis, hibiken.Config{
			Concurrency:              concurrency,
			Queues:                   map[string]int{name: 1},
			BaseContext:              func() context.Context { return context.WithoutCancel(ctx) },
			TaskCheckInterval:        w.config.CheckEvery,
			DelayedTaskCheckInterval: delayedCheck,
			RetryDelayFunc:           retryDelay,
			IsFailure:                counts,
			ShutdownTimeout:          neverAbort,
			HealthCheckFunc:          log.health,
			HealthCheckInterval:      5 * time.Second,
			Logger:                   log,
			LogLevel:                 hibiken.WarnLevel,
		})
		if err := server.Start(w); err != nil {
			shutdown(servers)
			return nil, err
		}
		servers = append(servers, server)
	}
	return servers, nil
}

func shutdown(servers []*hibiken.Server) {
	var all sync.WaitGroup
	for _, s := range servers {
		all.Go(s.Shutdown)
	}
	all.Wait()
}

// A worker is the handler of asynq's server.
type worker struct {
	*Engine
	names map[string]bool
	run   func(context.Context, engine.Call) error
	drain context.Context // ends when tasks are cancelled
	last  context.Context // ends when they are left behind
}

// ProcessTask makes one attempt of a call. What it returns is a *failure, a
// *putOff, or the end of the call. The runner has reported failures already.
func (w *worker) ProcessTask(ctx context.Context, t *hibiken.Task) error {
	c, err := w.decode(ctx, t)
	if err != nil {
		w.config.Logger.Error("a task that cannot be read is given up", "task", c.Name, "id", c.ID, "error", err)
		return &deadLetter{err}
	}
	if !w.names[c.Name] {
		return &putOff{engine.ErrUnknownTask, unknownDelay()}
	}
	failed, err := w.before(ctx, c)
	if err != nil {
		return err
	}
	err = w.attempt(ctx, c, failed)
	switch {
	case err == nil:
		return nil
	case errors.Is(err, engine.ErrUnknownTask):
		return &putOff{err, unknownDelay()}
	case errors.Is(err, engine.ErrNoPlace):
		return &putOff{err, engine.PlaceWait()}
	case w.drain.Err() != nil:
		return &putOff{engine.ErrStopped, 0} // it was cancelled, and is not to blame
	case ctx.Err() != nil:
		return err // cancelled by Cancel; asynq has noted it already
	}
	failed++
	w.note(t, c, failed)
	if engine.IsPermanent(err) || failed >= c.Attempts {
		return &deadLetter{err}
	}
	return &failure{err, nextAttempt(c, failed, err)}
}

// attempt runs a call in a goroutine of its own: a task may end that, or not
// return in time for a stop.
func (w *worker) attempt(ctx context.Context, c engine.Call, failed int) error {
	ctx = engine.WithSlots(ctx, w.config.Queues[cmp.Or(c.Queue, w.config.DefaultQueue)])
	ctx, cancel := context.WithCancelCause(engine.WithAttemptsBefore(ctx, failed))
	defer cancel(nil)
	defer context.AfterFunc(w.drain, func() { cancel(engine.ErrStopped) })()
	if c.Timeout == 0 && w.config.LongestTask > 0 {
		c.Timeout = w.config.LongestTask
	}
	ended := make(chan error, 1)
	go func() {
		err := errGoexit
		defer func() { ended <- err }()
		err = w.run(ctx, c)
	}()
	select {
	case err := <-ended:
		return err
	case <-w.last.Done():
		return engine.ErrStopped
	}
}

var errGoexit = errors.New("the task ended its goroutine")
