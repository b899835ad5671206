package nats

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"maps"
	"regexp"
	"slices"
	"time"

	client "github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// A Config is the settings of an engine. Its zero value is what [Open] takes.
type Config struct {
	// Concurrency is how many tasks of the default queue run at once in this
	// process. 0: 100.
	Concurrency int

	// Queues are further queues, those of the tasks with a queue=, each with how
	// many of its tasks run at once in this process. 0: as many as Concurrency.
	//
	// Every process names them, also one that only stores: a call for a queue
	// that is not named is refused, where it would otherwise wait for ever.
	Queues map[string]int

	// Stream is the name of the stream, and how its subjects begin. It keeps two
	// programs apart that share a server. "": bggen.
	Stream string

	// Replicas is how many servers of a cluster keep each task, where the stream
	// is made. 0: one.
	Replicas int

	// Lease is how long after the death of a process its tasks run again. A
	// process tells the server three times in this time that it lives. It is
	// the same in all processes. 0: 30 seconds.
	Lease time.Duration

	// LongestTask is how long a task without a timeout may take: then its
	// context ends. 0: for ever.
	LongestTask time.Duration

	// Keep is how long the status of a task that has succeeded is kept. 0: five
	// minutes.
	Keep time.Duration

	// Logger gets what goes wrong. nil: slog.Default().
	Logger *slog.Logger
}

// Open opens an engine over the server at an address, such as
// nats://user:password@host:4222, or several with commas between them, with the
// settings of the zero [Config]. The stream is made if there is none.
func Open(address string) (*Engine, error) { return Config{}.Open(address) }

// Open is the function [Open], with these settings.
func (c Config) Open(address string) (*Engine, error) {
	conn, err := client.Connect(address, client.MaxReconnects(-1), client.ReconnectWait(100*time.Millisecond),
		client.ReconnectBufSize(-1)) // what cannot be sent now is an error now
	if err != nil {
		return nil, fmt.Errorf("nats: no server answers: %w", err)
	}
	e, err := c.New(conn)
	if err != nil {
		conn.Close()
		return nil, err
	}
	e.owned = true
	return e, nil
}

// New opens an engine over a connection of the caller's, with the settings of the
// zero [Config]. It is closed by the caller, after the engine.
func New(conn *client.Conn) (*Engine, error) { return Config{}.New(conn) }

// New is the function [New], with these settings.
func (c Config) New(conn *client.Conn) (*Engine, error) {
	if err := c.complete(); err != nil {
		return nil, err
	}
	js, err := jetstream.New(conn)
	if err != nil {
		return nil, fmt.Errorf("nats: %w", err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), opening)
	defer cancel()
	stream, err := js.CreateOrUpdateStream(ctx, jetstream.StreamConfig{
		Name:               c.Stream,
		Subjects:           []string{c.Stream + ".>"},
		Retention:          jetstream.WorkQueuePolicy,
		Storage:            jetstream.FileStorage,
		Replicas:           c.Replicas,
		MaxMsgsPerSubject:  1,
		AllowDirect:        false, // a leader knows what was stored a moment ago
		AllowAtomicPublish: true,
		AllowMsgSchedules:  true,
		AllowMsgTTL:        true,
	})
	if err != nil {
		return nil, fmt.Errorf("nats: the stream %s cannot be made on a server of version %s, where 2.12 or later with JetStream is needed: %w",
			c.Stream, conn.ConnectedServerVersion(), err)
	}
	e := &Engine{config: c, conn: conn, js: js, stream: stream}
	e.watch()
	return e, nil
}

// opening is how long the server may take to answer when an engine is made.
const opening = 10 * time.Second

// complete puts in what was left out.
func (c *Config) complete() error {
	c.Concurrency = cmp.Or(max(c.Concurrency, 0), 100)
	c.Stream = cmp.Or(c.Stream, "bggen")
	c.Replicas = cmp.Or(max(c.Replicas, 0), 1)
	c.Lease = cmp.Or(max(c.Lease, 0), 30*time.Second)
	c.Keep = cmp.Or(max(c.Keep, 0), 5*time.Minute)
	c.Logger = cmp.Or(c.Logger, slog.Default())
	c.Queues = maps.Clone(c.Queues)
	if c.Queues == nil {
		c.Queues = map[string]int{}
	}
	c.Queues[defaultQueue] = cmp.Or(c.Queues[defaultQueue], c.Concurrency)
	for _, name := range append(c.queueNames(), c.Stream) {
		if !plainName.MatchString(name) || c.Queues[name] < 0 {
			return fmt.Errorf("nats: queue or stream %q with %d tasks at once: expected a name of letters, digits, - and _, and a number that is not negative", name, c.Queues[name])
		}
	}
	for name, n := range c.Queues {
		c.Queues[name] = cmp.Or(n, c.Concurrency)
	}
	return nil
}

const defaultQueue = "default"

var plainName = regexp.MustCompile(`\A[\w-]+\z`)

func (c *Config) queueNames() []string { return slices.Sorted(maps.Keys(c.Queues)) }
