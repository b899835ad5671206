package asynq

import (
	"cmp"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"
)

// A Config is the settings of an engine. Its zero value is what [Open] and [New]
// take. Processes that share a Redis need not agree on them, but for the queues.
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

	// DefaultQueue is the queue of calls that name none. It keeps the tasks of
	// two programs apart that share a database of Redis. "": default.
	DefaultQueue string

	// LongestTask is how long a task without a timeout may take: then its
	// context ends. 0: for ever.
	LongestTask time.Duration

	// CheckEvery is how often an idle process looks for tasks, on average: the
	// price of an early start is a command to Redis for each look and queue.
	// 0: 50 ms.
	CheckEvery time.Duration

	// Keep is how long the status of a task that has succeeded is kept. 0: five
	// minutes; negative: not at all, which saves the memory of Redis. Tasks that
	// failed are kept for 90 days, the last 10,000 of a queue.
	Keep time.Duration

	// Logger gets what goes wrong, from warnings on. nil: slog.Default().
	Logger *slog.Logger
}

// Open opens an engine over the Redis at an address, with the settings of the
// zero [Config]. The address has one of these forms:
//
//	redis://user:password@host:6379/0     rediss: with TLS
//	unix://user:password@/run/redis.sock?db=0
//	redis-sentinel://:password@host1:26379,host2:26379?master=name
//
// A Redis that does not answer is an error. One that would forget tasks, since
// it keeps no append-only file or evicts keys, is a warning in the log.
func Open(address string) (*Engine, error) { return Config{}.Open(address) }

// Open is the function [Open], with these settings.
func (c Config) Open(address string) (*Engine, error) {
	client, err := connect(address)
	if err != nil {
		return nil, err
	}
	e, err := c.New(client)
	if err != nil {
		client.Close()
		return nil, err
	}
	e.owned = true
	return e, nil
}

// New opens an engine over a connection of the caller's, with the settings of
// the zero [Config]: the connection that an asynq client of the caller's was
// made from, for instance. The one of a RedisConnOpt is
//
//	opt.MakeRedisClient().(redis.UniversalClient)
//
// It is closed by the caller, after the engine.
func New(client redis.UniversalClient) (*Engine, error) { return Config{}.New(client) }

// New is the function [New], with these settings.
func (c Config) New(client redis.UniversalClient) (*Engine, error) {
	if err := c.complete(); err != nil {
		return nil, err
	}
	e := newEngine(c, client)
	if err := e.greet(); err != nil {
		return nil, err
	}
	return e, nil
}

// complete puts in what was left out.
func (c *Config) complete() error {
	c.Concurrency = cmp.Or(max(c.Concurrency, 0), 100)
	c.CheckEvery = cmp.Or(max(c.CheckEvery, 0), 50*time.Millisecond)
	c.Keep = cmp.Or(c.Keep, 5*time.Minute)
	c.DefaultQueue = cmp.Or(c.DefaultQueue, "default")
	c.Logger = cmp.Or(c.Logger, slog.Default())
	c.Queues = maps.Clone(c.Queues)
	if c.Queues == nil {
		c.Queues = map[string]int{}
	}
	if _, named := c.Queues[c.DefaultQueue]; !named {
		c.Queues[c.DefaultQueue] = c.Concurrency
	}
	for _, name := range c.queueNames() {
		if n := c.Queues[name]; strings.TrimSpace(name) == "" || n < 0 {
			return fmt.Errorf("asynq: queue %q with %d tasks at once: expected a name, and a number that is not negative", name, n)
		}
		c.Queues[name] = cmp.Or(c.Queues[name], c.Concurrency)
	}
	return nil
}

// queue is the queue of a call that asks for one by name, or not.
func (c *Config) queue(name string) (string, error) {
	if name == "" {
		return c.DefaultQueue, nil
	}
	if _, named := c.Queues[name]; !named {
		return "", fmt.Errorf("no worker looks into the queue %q: name it in Queues of the asynq.Config that opens the engine", name)
	}
	return name, nil
}

// queueNames are the names of the queues, in order.
func (c *Config) queueNames() []string { return slices.Sorted(maps.Keys(c.Queues)) }
