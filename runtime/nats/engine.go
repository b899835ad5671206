package nats

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/bggen/bggen/runtime/engine"
	client "github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// An Engine stores calls of tasks in a stream, and runs them. It is safe for
// concurrent use.
type Engine struct {
	config Config
	conn   *client.Conn
	js     jetstream.JetStream
	stream jetstream.Stream
	owned  bool // whether Close closes conn

	down chan client.Status // what the connection says when it is lost
	mu   sync.Mutex
	lost chan struct{} // closed when the connection is lost, and made anew

	running sync.Map // the context.CancelCauseFunc of what runs here, by id
}

var (
	_ engine.Oncer    = (*Engine)(nil)
	_ engine.Worker   = (*Engine)(nil)
	_ engine.Statuser = (*Engine)(nil)
	_ engine.Canceler = (*Engine)(nil)
	_ engine.Lister   = (*Engine)(nil)
	_ engine.Retrier  = (*Engine)(nil)
)

// keepOnce is how long a call with Once keeps others out at most.
const keepOnce = 48 * time.Hour

// Remembers is how long that is.
func (e *Engine) Remembers() time.Duration { return keepOnce }

// Close closes the connection, if Open has made it. It is called when Work has
// returned.
func (e *Engine) Close() error {
	e.conn.RemoveStatusListener(e.down)
	if e.owned {
		e.conn.Close()
	}
	return nil
}

// watch learns when the connection is lost, until the engine is closed.
func (e *Engine) watch() {
	e.lost = make(chan struct{})
	e.down = e.conn.StatusChanged(client.RECONNECTING, client.CLOSED)
	go func() {
		for range e.down {
			e.mu.Lock()
			close(e.lost)
			e.lost = make(chan struct{})
			e.mu.Unlock()
		}
	}()
}

var errLost = errors.New("the connection to the server was lost before it answered")

// whileConnected is a context that ends when the connection is lost: what was
// asked before it has no answer.
func (e *Engine) whileConnected(ctx context.Context) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancelCause(ctx)
	e.mu.Lock()
	lost := e.lost
	e.mu.Unlock()
	go func() {
		select {
		case <-lost:
			cancel(errLost)
		case <-ctx.Done():
		}
	}()
	return ctx, func() { cancel(nil) }
}

// The subjects of a stream begin with its name and one of these. There is one
// message of a subject at most.
const (
	waits  = "run."    // queue and id: a call that waits, or runs
	due    = "at."     // queue and id: a call that the server moves when it is due
	begun  = "begun."  // id: what became of the attempts of a call that is not over
	over   = "over."   // id: the end of a call that has succeeded or was cancelled
	failed = "failed." // id: a call that has failed for good
	unique = "unique." // hash of a key: the id of the call that holds it
	once   = "once."   // likewise, and it is never given back
)

func (e *Engine) subject(parts ...string) (s string) {
	s = e.config.Stream + "."
	for _, p := range parts {
		s += p
	}
	return s
}

// A record is what is stored of a call, under any of the subjects.
type record struct {
	engine.Call
	Key    string       `json:",omitempty"` // the subject of its unique key
	State  engine.State `json:",omitempty"`
	Failed int          `json:",omitempty"` // attempts
	Err    string       `json:",omitempty"` // of the last one
	Since  time.Time    `json:",omitzero"`  // when it came to the state, or when the next attempt is due

	begun uint64 // the sequence number of what was noted when the attempt began
}

func (r *record) queue() string {
	if r.Queue == "" {
		return defaultQueue
	}
	return r.Queue
}

// get reads the message of a subject, nil if there is none.
func (e *Engine) get(ctx context.Context, subject string) (*record, error) {
	msg, err := e.stream.GetLastMsgForSubject(ctx, subject)
	if errors.Is(err, jetstream.ErrMsgNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("nats: %w", err)
	}
	return read(msg.Data)
}

func read(text []byte) (*record, error) {
	r := new(record)
	if err := json.Unmarshal(text, r); err != nil {
		return nil, fmt.Errorf("nats: a message cannot be read: %w", err)
	}
	return r, nil
}

// put writes the message of a subject, and returns its sequence number.
func (e *Engine) put(ctx context.Context, subject string, r *record, opts ...jetstream.PublishOpt) (uint64, error) {
	text, err := json.Marshal(r)
	if err != nil {
		return 0, err
	}
	ack, err := e.js.Publish(ctx, subject, text, opts...)
	if err != nil {
		return 0, err
	}
	return ack.Sequence, nil
}

// remove removes the message of a subject, if there is one. The server looks for
// it in all that it has: where the sequence number is known, that is faster.
func (e *Engine) remove(ctx context.Context, subject string) error {
	return e.stream.Purge(ctx, jetstream.WithPurgeSubject(subject))
}
