package celery

import (
	"context"
	"crypto/rand"
	"log/slog"
	"sync"
	"time"

	amqp "github.com/rabbitmq/amqp091-go"
)

const (
	// keptResults and keptBytes are how much is kept of the results that came
	// and that Result may be asked for.
	keptResults = 1000
	keptBytes   = 64 << 20

	// repliesExpire is how long the queue of results outlives its connection.
	repliesExpire = time.Hour
)

// replies is the queue that the workers of the rpc:// backend send results to,
// by the id of the task, and the latest of them.
type replies struct {
	queue  string
	logger *slog.Logger

	mu      sync.Mutex
	kept    map[string]*meta
	order   []string // the ids of kept, the oldest first
	bytes   int
	waiting map[string]*waiter
	channel *amqp.Channel

	closed context.Context
	end    context.CancelFunc
}

func newReplies(logger *slog.Logger) *replies {
	r := &replies{
		queue:   "bggen.replies." + rand.Text(),
		logger:  logger,
		kept:    map[string]*meta{},
		waiting: map[string]*waiter{},
	}
	r.closed, r.end = context.WithCancel(context.Background())
	return r
}

// connect takes results from conn until it is closed. The queue is not deleted
// with the connection, as Celery's own is: what workers send while it is being
// made again is not lost.
func (r *replies) connect(conn *amqp.Connection) error {
	channel, err := conn.Channel()
	if err != nil {
		return err
	}
	_, err = channel.QueueDeclare(r.queue, true, false, false, false,
		amqp.Table{"x-expires": repliesExpire.Milliseconds()})
	if err != nil {
		return err
	}
	if err := channel.Qos(100, 0, false); err != nil {
		return err
	}
	deliveries, err := channel.Consume(r.queue, "", false, true, false, false, nil)
	if err != nil {
		return err
	}
	r.mu.Lock()
	r.channel = channel
	r.mu.Unlock()
	go func() {
		for d := range deliveries {
			r.receive(d)
		}
		conn.Close() // where only the queue was lost: all is made again
	}()
	return nil
}

func (r *replies) receive(d amqp.Delivery) {
	if m, err := parseMeta(d.Body); err != nil {
		r.logger.Error("a result is lost", "task", d.CorrelationId, "error", err)
	} else {
		r.keep(d.CorrelationId, m)
	}
	if err := d.Ack(false); err != nil {
		r.logger.Debug("a result comes twice", "task", d.CorrelationId, "error", err)
	}
}

func (m *meta) size() int { return len(m.Result) + len(m.Traceback) }

func (r *replies) keep(id string, m *meta) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if old := r.kept[id]; old != nil {
		r.bytes -= old.size()
	} else {
		r.order = append(r.order, id)
	}
	r.kept[id] = m
	r.bytes += m.size()
	for len(r.order) > 1 && (len(r.order) > keptResults || r.bytes > keptBytes) {
		r.bytes -= r.kept[r.order[0]].size()
		delete(r.kept, r.order[0])
		r.order = r.order[1:]
	}
	if w := r.waiting[id]; w != nil && m.ended() {
		w.meta = m
		close(w.done)
		delete(r.waiting, id)
	}
}

// A waiter is what callers of wait for one task share.
type waiter struct {
	callers int
	done    chan struct{}
	meta    *meta // of the ended task, when done is closed
}

func (r *replies) peek(_ context.Context, id string) (*meta, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.kept[id], nil
}

func (r *replies) wait(ctx context.Context, id string) (*meta, error) {
	r.mu.Lock()
	if m := r.kept[id]; m != nil && m.ended() {
		r.mu.Unlock()
		return m, nil
	}
	w := r.waiting[id]
	if w == nil {
		w = &waiter{done: make(chan struct{})}
		r.waiting[id] = w
	}
	w.callers++
	r.mu.Unlock()
	select {
	case <-w.done:
		return w.meta, nil
	case <-r.closed.Done():
		return nil, amqp.ErrClosed
	case <-ctx.Done():
		r.mu.Lock()
		defer r.mu.Unlock()
		if w.callers--; w.callers == 0 && r.waiting[id] == w {
			delete(r.waiting, id)
		}
		return nil, ctx.Err()
	}
}

// close deletes the queue, whose name no one else knows.
func (r *replies) close() error {
	r.end()
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.channel == nil || r.channel.IsClosed() {
		return nil // it goes when it has not been used for its time
	}
	_, err := r.channel.QueueDelete(r.queue, false, false, true) // without an answer
	return err
}
