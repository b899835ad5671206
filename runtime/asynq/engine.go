package asynq

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/bggen/bggen/runtime/engine"
	hibiken "github.com/hibiken/asynq"
	"github.com/redis/go-redis/v9"
)

// An Engine stores calls of tasks in Redis, and runs them. It is safe for
// concurrent use.
type Engine struct {
	config    Config
	redis     redis.UniversalClient
	client    *hibiken.Client
	inspector *hibiken.Inspector
	owned     bool // whether Close closes redis

	mu      sync.Mutex
	closed  context.Context
	close   context.CancelFunc
	working sync.WaitGroup
}

var (
	_ engine.Oncer    = (*Engine)(nil)
	_ engine.Worker   = (*Engine)(nil)
	_ engine.Statuser = (*Engine)(nil)
	_ engine.Canceler = (*Engine)(nil)
	_ engine.Lister   = (*Engine)(nil)
	_ engine.Retrier  = (*Engine)(nil)

	_ engine.Browser       = (*Engine)(nil)
	_ engine.Operator      = (*Engine)(nil)
	_ engine.QueueLister   = (*Engine)(nil)
	_ engine.Pauser        = (*Engine)(nil)
	_ engine.ProcessLister = (*Engine)(nil)
)

func newEngine(c Config, client redis.UniversalClient) *Engine {
	e := &Engine{
		config:    c,
		redis:     client,
		client:    hibiken.NewClientFromRedisClient(client),
		inspector: hibiken.NewInspectorFromRedisClient(client),
	}
	e.closed, e.close = context.WithCancel(context.Background())
	return e
}

// Remembers is how long a task with Once is kept at least. asynq takes no second
// one of its id meanwhile, which follows from Once.
func (e *Engine) Remembers() time.Duration { return keepOnce }

// Close closes the connection, if Open has made it. Work ends first if it has
// not, and does not wait for the tasks that run: asynq must not be left with a
// closed connection.
func (e *Engine) Close() error {
	e.mu.Lock()
	e.close()
	e.mu.Unlock()
	e.working.Wait()
	if !e.owned {
		return nil
	}
	return e.redis.Close()
}

// begin lets Work begin, unless the engine is closed, and Close wait for the
// returned function.
func (e *Engine) begin() (end func(), err error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.closed.Err() != nil {
		return nil, errClosed
	}
	e.working.Add(1)
	return e.working.Done, nil
}

var errClosed = errors.New("asynq: the engine is closed")

// connect makes the connection that an address means. Its errors leave out what
// they complain of: it may be a part of the password.
func connect(address string) (redis.UniversalClient, error) {
	if strings.HasPrefix(address, "redis-sentinel:") {
		opt, err := hibiken.ParseRedisURI(address)
		if err != nil {
			return nil, errAddress
		}
		return opt.MakeRedisClient().(redis.UniversalClient), nil
	}
	opt, err := redis.ParseURL(address)
	if err != nil {
		return nil, errAddress
	}
	opt.ContextTimeoutEnabled = true // the deadline of a request counts
	return redis.NewClient(opt), nil
}

var errAddress = errors.New("asynq: the address of Redis cannot be read: expected one like redis://user:password@host:port/database")

// greetWithin is how long Redis may take to answer when an engine is made.
const greetWithin = 5 * time.Second

// greet asks Redis how it keeps what it is given.
func (e *Engine) greet() error {
	ctx, cancel := context.WithTimeout(context.Background(), greetWithin)
	defer cancel()
	if err := e.redis.Ping(ctx).Err(); err != nil {
		return fmt.Errorf("asynq: no Redis answers at %s: %w", where(e.redis), err)
	}
	about, err := e.redis.Info(ctx).Result()
	if err != nil {
		return nil // it may not be for us to ask
	}
	info := parseInfo(about)
	if info["aof_enabled"] == "0" {
		e.config.Logger.Warn("Redis keeps no append-only file: tasks are lost when it stops; set appendonly yes", "redis", where(e.redis))
	}
	if policy := info["maxmemory_policy"]; policy != "" && policy != "noeviction" && info["maxmemory"] != "0" {
		e.config.Logger.Warn("Redis drops keys, and tasks, when its memory is full; set maxmemory-policy noeviction", "redis", where(e.redis), "policy", policy)
	}
	return nil
}

// parseInfo reads the answer to INFO: lines of name:value.
func parseInfo(text string) map[string]string {
	info := map[string]string{}
	for line := range strings.Lines(text) {
		if name, value, ok := strings.Cut(strings.TrimSpace(line), ":"); ok {
			info[name] = value
		}
	}
	return info
}

// where says for a message where a connection leads, without the password.
func where(c redis.UniversalClient) string {
	switch c := c.(type) {
	case *redis.Client:
		return fmt.Sprintf("%s/%d", c.Options().Addr, c.Options().DB)
	case *redis.ClusterClient:
		return strings.Join(c.Options().Addrs, ",")
	}
	return fmt.Sprintf("the address of the %T", c)
}
