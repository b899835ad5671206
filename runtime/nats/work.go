package nats

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"time"

	"github.com/bggen/bggen/runtime/engine"
	client "github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

var (
	errCancelled = errors.New("cancelled")
	errGoexit    = errors.New("the task ended its goroutine")
)

// A worker runs calls of this process.
type worker struct {
	*Engine
	names map[string]bool
	run   func(context.Context, engine.Call) error
	drain context.Context
	tasks sync.WaitGroup
}

// Work runs calls of the tasks of these names, as [engine.Worker] says.
func (e *Engine) Work(ctx, drain context.Context, names []string, run func(context.Context, engine.Call) error) error {
	w := &worker{Engine: e, names: map[string]bool{}, run: run, drain: drain}
	for _, name := range names {
		w.names[name] = true
	}
	listening, err := e.conn.Subscribe(e.cancelSubject(), e.cancelHere)
	if err != nil {
		return fmt.Errorf("nats: %w", err)
	}
	defer listening.Unsubscribe()
	var queues sync.WaitGroup
	for name, concurrency := range e.config.Queues {
		queues.Go(func() { w.work(ctx, name, concurrency) })
	}
	queues.Wait()
	w.tasks.Wait()
	return nil
}

// work runs the calls of a queue until ctx ends.
func (w *worker) work(ctx context.Context, queue string, concurrency int) {
	slots := make(chan struct{}, concurrency)
	for ctx.Err() == nil {
		err := w.takeAll(ctx, queue, slots)
		if ctx.Err() == nil && err != nil {
			w.config.Logger.Error("tasks cannot be taken from the stream, which is tried again", "queue", queue, "error", err)
			select {
			case <-ctx.Done():
			case <-time.After(time.Second):
			}
		}
	}
}

// takeAll takes calls, until the server does not answer.
func (w *worker) takeAll(ctx context.Context, queue string, slots chan struct{}) error {
	from, err := w.stream.CreateOrUpdateConsumer(ctx, jetstream.ConsumerConfig{
		Durable:       w.config.Stream + "-" + queue,
		FilterSubject: w.subject(waits, queue, ".*"),
		AckPolicy:     jetstream.AckExplicitPolicy,
		AckWait:       w.config.Lease,
		MaxDeliver:    -1,
		MaxAckPending: -1,
	})
	for err == nil && ctx.Err() == nil {
		err = w.take(ctx, from, slots)
	}
	return err
}

// looking is how long the server keeps a request for calls.
const looking = 5 * time.Second

// take takes as many calls as there are slots: none waits here for its turn.
func (w *worker) take(ctx context.Context, from jetstream.Consumer, slots chan struct{}) error {
	select {
	case slots <- struct{}{}:
		<-slots
	case <-ctx.Done():
		return nil
	}
	looked, cancel := context.WithTimeout(ctx, looking)
	defer cancel()
	batch, err := from.Fetch(cap(slots)-len(slots), jetstream.FetchContext(looked))
	if err != nil {
		return err
	}
	for msg := range batch.Messages() {
		slots <- struct{}{}
		w.tasks.Go(func() {
			defer func() { <-slots }()
			w.handle(msg)
		})
	}
	if err := batch.Error(); err != nil && looked.Err() == nil && !errors.Is(err, client.ErrTimeout) {
		return err
	}
	return nil
}

// handle makes an attempt of the call in a message.
func (w *worker) handle(msg jetstream.Msg) {
	c, err := read(msg.Data())
	if err != nil {
		w.config.Logger.Error("a task that cannot be read is given up", "subject", msg.Subject(), "error", err)
		msg.Term()
		return
	}
	if w.drain.Err() != nil {
		msg.Nak()
		return
	}
	if !w.names[c.Name] {
		w.leave(msg, c)
		return
	}
	stop := w.keepAlive(msg)
	defer stop()
	ready, err := w.begin(msg, c)
	if err != nil || !ready {
		if err != nil {
			w.config.Logger.Warn("an attempt cannot begin, and is put off", "task", c.Name, "id", c.ID, "error", err)
			msg.NakWithDelay(time.Second)
		}
		return
	}
	if err := w.end(msg, c, w.attempt(c)); err != nil { // it runs again
		w.config.Logger.Warn("the end of an attempt cannot be stored", "task", c.Name, "id", c.ID, "error", err)
	}
}

// leave leaves a call to a process that knows it. If one has died that did, the
// call does not run any more.
func (w *worker) leave(msg jetstream.Msg, c *record) {
	ctx, cancel := context.WithTimeout(context.Background(), opening)
	defer cancel()
	wait := putOff()
	if about, err := msg.Metadata(); err == nil && about.NumDelivered > 1 {
		before, err := w.get(ctx, w.subject(begun, c.ID))
		if err == nil && before != nil && before.State == engine.Running {
			if err := w.wait(ctx, msg, before, wait); err == nil {
				return
			}
		}
	}
	msg.NakWithDelay(wait)
}

// putOff is how long a call waits that nobody here knows.
func putOff() time.Duration { return 2*time.Second + rand.N(2*time.Second) }

// keepAlive tells the server that an attempt goes on.
func (w *worker) keepAlive(msg jetstream.Msg) (stop func()) {
	ended := make(chan struct{})
	go func() {
		tick := time.NewTicker(w.config.Lease / 3)
		defer tick.Stop()
		for {
			select {
			case <-tick.C:
				msg.InProgress()
			case <-ended:
				return
			}
		}
	}()
	return func() { close(ended) }
}

// begin notes that an attempt begins. It does not where the call was cancelled,
// or is not due yet.
func (w *worker) begin(msg jetstream.Msg, c *record) (bool, error) {
	ctx, cancel := context.WithTimeout(context.Background(), opening)
	defer cancel()
	if about, err := msg.Metadata(); err != nil {
		return false, err
	} else if about.NumDelivered > 1 {
		before, err := w.get(ctx, w.subject(begun, c.ID))
		if err != nil {
			return false, err
		}
		if before != nil {
			c.Failed, c.Err = before.Failed, before.Err
			if wait := time.Until(before.Since); before.State == engine.Queued && wait > 0 {
				return false, msg.NakWithDelay(wait) // the server has forgotten the wait
			}
		}
	}
	c.State, c.Since = engine.Running, time.Now()
	var err error
	c.begun, err = w.put(ctx, w.subject(begun, c.ID), c, jetstream.WithExpectLastSequenceForSubject(0, w.subject(over, c.ID)))
	if isConflict(err) { // it was cancelled, or has ended and the server was not told
		return false, msg.DoubleAck(ctx)
	}
	return err == nil, err
}

// attempt runs a call once, in a goroutine of its own: a task may end that.
func (w *worker) attempt(c *record) error {
	ctx := engine.WithSlots(context.Background(), w.config.Queues[cmp.Or(c.Queue, defaultQueue)])
	ctx, cancel := context.WithCancelCause(engine.WithAttemptsBefore(ctx, c.Failed))
	defer cancel(nil)
	defer context.AfterFunc(w.drain, func() { cancel(engine.ErrStopped) })()
	w.running.Store(c.ID, cancel)
	defer w.running.Delete(c.ID)
	call := c.Call
	if call.Timeout == 0 {
		call.Timeout = w.config.LongestTask
	}
	ended := make(chan error, 1)
	go func() {
		err := errGoexit
		defer func() { ended <- err }()
		err = w.run(ctx, call)
	}()
	err := <-ended
	if cause := context.Cause(ctx); err != nil && (cause == errCancelled || cause == engine.ErrStopped) {
		return cause
	}
	return err
}

// end notes how an attempt has ended.
func (w *worker) end(msg jetstream.Msg, c *record, result error) error {
	ctx, cancel := context.WithTimeout(context.Background(), opening)
	defer cancel()
	switch {
	case result == nil:
		return w.finish(ctx, msg, c, engine.Done)
	case result == errCancelled:
		return w.finish(ctx, msg, c, engine.Cancelled)
	case result == engine.ErrStopped:
		return w.wait(ctx, msg, c, 0)
	case errors.Is(result, engine.ErrNoPlace):
		return w.wait(ctx, msg, c, engine.PlaceWait())
	case errors.Is(result, engine.ErrUnknownTask):
		return w.wait(ctx, msg, c, putOff())
	}
	c.Failed++
	c.Err = result.Error()
	if engine.IsPermanent(result) || c.Failed >= c.Attempts {
		return w.finish(ctx, msg, c, engine.Failed)
	}
	return w.wait(ctx, msg, c, engine.Backoff(c.Call, c.Failed, result))
}

// wait has a call run again.
func (w *worker) wait(ctx context.Context, msg jetstream.Msg, c *record, wait time.Duration) error {
	c.State, c.Since = engine.Queued, time.Now().Add(wait)
	if _, err := w.put(ctx, w.subject(begun, c.ID), c); err != nil {
		return err
	}
	if wait <= 0 {
		return msg.Nak()
	}
	return msg.NakWithDelay(wait)
}

// keepFailed is how long what has failed for good is kept.
const keepFailed = 90 * 24 * time.Hour

// finish ends a call.
func (w *worker) finish(ctx context.Context, msg jetstream.Msg, c *record, state engine.State) error {
	c.State, c.Since = state, time.Now()
	subject, keep := w.subject(over, c.ID), w.config.Keep
	if state == engine.Failed {
		subject, keep = w.subject(failed, c.ID), keepFailed
	}
	if _, err := w.put(ctx, subject, c, jetstream.WithMsgTTL(keep)); err != nil {
		return err
	}
	if err := errors.Join(w.unlock(ctx, c), w.stream.DeleteMsg(ctx, c.begun)); err != nil {
		return err
	}
	return msg.DoubleAck(ctx)
}

// unlock gives the unique key of a call back.
func (e *Engine) unlock(ctx context.Context, c *record) error {
	if c.Key == "" || c.Once != "" {
		return nil
	}
	lock, err := e.stream.GetLastMsgForSubject(ctx, c.Key)
	if errors.Is(err, jetstream.ErrMsgNotFound) || err == nil && string(lock.Data) != c.ID {
		return nil
	}
	if err == nil {
		err = e.stream.DeleteMsg(ctx, lock.Sequence)
	}
	return err
}
