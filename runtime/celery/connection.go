package celery

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net"
	"sync"
	"time"

	amqp "github.com/rabbitmq/amqp091-go"
)

// A rabbit is a RabbitMQ broker: a connection that is made again when it is
// lost.
type rabbit struct {
	url, name string // name is for errors: what it is, and where
	tls       *tls.Config
	logger    *slog.Logger
	onConnect func(*amqp.Connection) error // nil, or has to succeed as well

	mu      sync.Mutex
	link    *link         // nil while there is no connection
	err     error         // why there is none
	changed chan struct{} // closed when there is one again
	ended   context.Context
	end     context.CancelFunc
}

const (
	dialLimit  = 5 * time.Second
	writeLimit = 10 * time.Second // of what the broker takes in no time

	// reconnectWait is how long Enqueue waits for a connection that was lost.
	reconnectWait = 2 * time.Second

	firstWait, longestWait = 50 * time.Millisecond, 5 * time.Second // between attempts
)

func newRabbit(at address, s *settings) *rabbit {
	r := &rabbit{name: "the broker " + at.String(), tls: s.tls, logger: s.logger, changed: make(chan struct{})}
	u := *at.url
	if u.Path == "/" {
		u.Path = "" // Celery's way to write the vhost "/"
	}
	r.url = u.String()
	r.ended, r.end = context.WithCancel(context.Background())
	return r
}

// open connects for the first time.
func (r *rabbit) open() error {
	l, err := r.connect()
	if err != nil {
		r.end()
		return r.failed(err)
	}
	r.set(l, nil)
	go r.keep(l)
	return nil
}

func (r *rabbit) failed(err error) error { return fmt.Errorf("celery: %s: %w", r.name, err) }

func (r *rabbit) connect() (*link, error) {
	conn, err := amqp.DialConfig(r.url, amqp.Config{
		Heartbeat:       10 * time.Second,
		TLSClientConfig: r.tls.Clone(), // it gets a server name
		Properties:      amqp.Table{"product": "bggen", "connection_name": origin()},
		Dial:            r.dial,
	})
	if err != nil {
		return nil, err
	}
	if r.onConnect != nil {
		if err := r.onConnect(conn); err != nil {
			conn.Close()
			return nil, err
		}
	}
	return newLink(conn), nil
}

func (r *rabbit) dial(network, addr string) (net.Conn, error) {
	ctx, cancel := context.WithTimeout(r.ended, dialLimit)
	defer cancel()
	conn, err := new(net.Dialer).DialContext(ctx, network, addr)
	if err != nil {
		return nil, err
	}
	// For the handshake: amqp091 lifts it afterwards.
	if err := conn.SetDeadline(time.Now().Add(dialLimit)); err != nil {
		conn.Close()
		return nil, err
	}
	return impatient{conn, writeLimit}, nil
}

// impatient is a connection that ends when its other side does not read: a
// RabbitMQ that is short of memory or disk reads nothing from those who publish,
// and a write would last as long.
type impatient struct {
	net.Conn
	limit time.Duration
}

func (c impatient) Write(p []byte) (int, error) {
	if err := c.SetWriteDeadline(time.Now().Add(c.limit)); err != nil {
		return 0, err
	}
	return c.Conn.Write(p)
}

// keep connects again when the connection is lost, until the engine is closed.
func (r *rabbit) keep(l *link) {
	for {
		lost := l.conn.NotifyClose(make(chan *amqp.Error, 1))
		var cause error = amqp.ErrClosed
		select {
		case <-r.ended.Done():
			l.conn.Close()
			return
		case err := <-lost:
			if r.ended.Err() != nil {
				return
			}
			if err != nil {
				cause = err
			}
		}
		r.set(nil, cause)
		r.logger.Warn("the connection to RabbitMQ is lost", "broker", r.name, "error", cause)
		if l = r.reconnect(); l == nil {
			return
		}
		r.set(l, nil)
		r.logger.Info("the connection to RabbitMQ is back", "broker", r.name)
	}
}

// reconnect tries until it succeeds, or the engine is closed: then it returns
// nil.
func (r *rabbit) reconnect() *link {
	for wait := firstWait; ; wait = min(2*wait, longestWait) {
		// Half of it is chance, so that the fleet does not come at once.
		timer := time.NewTimer(wait/2 + rand.N(wait/2))
		select {
		case <-r.ended.Done():
			timer.Stop()
			return nil
		case <-timer.C:
		}
		l, err := r.connect()
		if err == nil {
			return l
		}
		r.set(nil, err)
	}
}

// set changes the connection: nil with the reason why there is none.
func (r *rabbit) set(l *link, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.link, r.err = l, err
	close(r.changed)
	r.changed = make(chan struct{})
}

// current waits for a connection, but not for long.
func (r *rabbit) current(ctx context.Context) (*link, error) {
	var patience <-chan time.Time
	for {
		r.mu.Lock()
		l, err, changed := r.link, r.err, r.changed
		r.mu.Unlock()
		if l != nil && !l.conn.IsClosed() {
			return l, nil
		}
		if patience == nil {
			timer := time.NewTimer(reconnectWait)
			defer timer.Stop()
			patience = timer.C
		}
		select {
		case <-changed:
		case <-patience:
			return nil, fmt.Errorf("there is no connection: %w", errors.Join(err))
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-r.ended.Done():
			return nil, amqp.ErrClosed
		}
	}
}

// publish publishes messages, and again those that a connection has taken with
// it when it was lost.
func (r *rabbit) publish(ctx context.Context, messages []message) error {
	for {
		l, err := r.current(ctx)
		if err != nil {
			return r.failed(err)
		}
		stored, err := l.publish(ctx, messages)
		if err == nil {
			return nil
		}
		if !l.conn.IsClosed() || ctx.Err() != nil {
			return r.failed(err)
		}
		messages = messages[stored:]
	}
}

func (r *rabbit) close() error {
	r.end()
	r.mu.Lock()
	l := r.link
	r.mu.Unlock()
	if l == nil {
		return nil
	}
	if err := l.conn.Close(); err != nil && !errors.Is(err, amqp.ErrClosed) {
		return err
	}
	return nil
}
