package celery

import (
	"context"
	"errors"
	"fmt"
	"sync"

	amqp "github.com/rabbitmq/amqp091-go"
)

const (
	// publishers is how many channels publish at once on a connection.
	publishers = 16

	// window is how many messages wait for their confirms at once. A channel
	// has room for as many that come back, so its reader never blocks.
	window = 256
)

// A link is one connection to RabbitMQ, until it is lost.
type link struct {
	conn *amqp.Connection
	room chan struct{} // has one for each publisher in use

	mu   sync.Mutex
	idle []*publisher // the last is used next
}

// A publisher is a channel with confirms, used by one Enqueue at a time.
type publisher struct {
	channel *amqp.Channel
	back    chan amqp.Return // messages that no queue took
	closed  chan *amqp.Error // why the broker has closed the channel
}

func newLink(conn *amqp.Connection) *link {
	return &link{conn: conn, room: make(chan struct{}, publishers)}
}

// take waits for a publisher that no one else uses. Give it back.
func (l *link) take(ctx context.Context) (*publisher, error) {
	select {
	case l.room <- struct{}{}:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	if p := l.pop(); p != nil {
		return p, nil
	}
	// The broker has to open a channel, and may let one wait.
	type opened struct {
		*publisher
		err error
	}
	answer := make(chan opened, 1)
	go func() {
		p, err := l.newPublisher()
		answer <- opened{p, err}
	}()
	select {
	case a := <-answer:
		if a.err != nil {
			l.give(nil)
		}
		return a.publisher, a.err
	case <-ctx.Done():
		go func() { l.give((<-answer).publisher) }()
		return nil, ctx.Err()
	}
}

func (l *link) pop() *publisher {
	l.mu.Lock()
	defer l.mu.Unlock()
	for n := len(l.idle); n > 0; n = len(l.idle) {
		p := l.idle[n-1]
		l.idle = l.idle[:n-1]
		if !p.channel.IsClosed() {
			return p
		}
	}
	return nil
}

// give ends the use of p, nil if it is of no use to anyone.
func (l *link) give(p *publisher) {
	if p != nil {
		l.mu.Lock()
		l.idle = append(l.idle, p)
		l.mu.Unlock()
	}
	<-l.room
}

func (l *link) newPublisher() (*publisher, error) {
	channel, err := l.conn.Channel()
	if err != nil {
		return nil, err
	}
	if err := channel.Confirm(false); err != nil {
		return nil, err
	}
	return &publisher{
		channel,
		channel.NotifyReturn(make(chan amqp.Return, window)),
		channel.NotifyClose(make(chan *amqp.Error, 1)),
	}, nil
}

// publish publishes messages, and returns how many of them, from the first,
// have certainly been stored.
func (l *link) publish(ctx context.Context, messages []message) (stored int, err error) {
	p, err := l.take(ctx)
	if err != nil {
		return 0, err
	}
	for stored < len(messages) && err == nil {
		n := min(window, len(messages)-stored)
		if err = p.batch(ctx, messages[stored:stored+n]); err == nil {
			stored += n
		}
	}
	if err == nil || errors.As(err, new(*notStored)) {
		l.give(p)
		return stored, err
	}
	// Answers may still come that are for no one. Closing waits for the
	// broker, and nobody should wait for that.
	l.give(nil)
	go p.channel.Close()
	return stored, err
}

// batch publishes messages, at most window, and waits for all confirms.
func (p *publisher) batch(ctx context.Context, messages []message) error {
	confirms := make([]*amqp.DeferredConfirmation, len(messages))
	for i, m := range messages {
		var err error
		// Mandatory: a queue that does not exist is an error, where the broker
		// would confirm that it has dropped the message.
		confirms[i], err = p.channel.PublishWithDeferredConfirmWithContext(ctx, "", m.queue, true, false, m.publishing())
		if err != nil {
			return p.cause(err)
		}
	}
	var failed error
	for i, c := range confirms {
		acked, err := c.WaitContext(ctx)
		if err != nil {
			return fmt.Errorf("it has not confirmed: %w", err)
		}
		if !acked {
			if p.channel.IsClosed() {
				return p.cause(amqp.ErrClosed)
			}
			failed = &notStored{fmt.Sprintf("it has refused a message for the queue %q: is it full?", messages[i].queue)}
		}
	}
	// What comes back comes before its confirm.
	for {
		select {
		case r, open := <-p.back:
			if !open {
				return p.cause(amqp.ErrClosed)
			}
			failed = &notStored{fmt.Sprintf("it has no queue %q: the worker that consumes it declares it, and has to have run once", r.RoutingKey)}
		default:
			return failed
		}
	}
}

// cause is why the broker has closed the channel, if it has said so: a user may
// not write here, for one.
func (p *publisher) cause(err error) error {
	select {
	case e := <-p.closed:
		if e != nil {
			return e
		}
	default:
	}
	return err
}

// notStored is the error of messages that the broker did not want, on a channel
// that still works.
type notStored struct{ text string }

func (e *notStored) Error() string { return e.text }

func (m *message) publishing() amqp.Publishing {
	return amqp.Publishing{
		Headers:         m.headers,
		ContentType:     contentType,
		ContentEncoding: contentEncoding,
		DeliveryMode:    persistent,
		CorrelationId:   m.id,
		ReplyTo:         m.replyTo,
		Body:            m.body,
	}
}
