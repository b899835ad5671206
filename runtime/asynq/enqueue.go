package asynq

import (
	"context"
	"errors"
	"fmt"

	"github.com/bggen/bggen/runtime/engine"
	hibiken "github.com/hibiken/asynq"
	"github.com/redis/go-redis/v9"
)

// Enqueue stores the calls in one round trip, all or none. In a Redis Cluster it
// is one round trip for each queue, and all or none of each.
//
// A call that Redis has already, by its ID or by its Unique key, is not stored
// again, and that is no error. Storing the same calls again after an error is
// therefore safe.
func (e *Engine) Enqueue(ctx context.Context, calls []engine.Call) error {
	tasks := make([]*hibiken.Task, len(calls))
	for i, c := range calls {
		t, err := e.encode(c)
		if err != nil {
			return fmt.Errorf("asynq: task %s: %w", c.Name, err)
		}
		tasks[i] = t
	}
	if len(tasks) == 1 {
		if _, err := e.client.EnqueueContext(ctx, tasks[0]); err != nil && !stored(err) {
			return fmt.Errorf("asynq: %w", err)
		}
		return nil
	}
	if _, cluster := e.redis.(*redis.ClusterClient); !cluster {
		return e.enqueueAll(ctx, tasks, false)
	}
	byQueue := map[string][]*hibiken.Task{}
	for i, c := range calls {
		byQueue[c.Queue] = append(byQueue[c.Queue], tasks[i])
	}
	for _, some := range byQueue {
		if err := e.enqueueAll(ctx, some, true); err != nil {
			return err
		}
	}
	return nil
}

// stored reports whether asynq refuses a task because it has it.
func stored(err error) bool {
	return errors.Is(err, hibiken.ErrTaskIDConflict) || errors.Is(err, hibiken.ErrDuplicateTask)
}

// enqueueAll stores tasks in one transaction.
func (e *Engine) enqueueAll(ctx context.Context, tasks []*hibiken.Task, cluster bool) error {
	if len(tasks) == 0 {
		return nil
	}
	b := &batch{UniversalClient: e.redis, pipe: e.redis.TxPipeline(), cluster: cluster, known: map[string]bool{}}
	client := hibiken.NewClientFromRedisClient(b)
	for _, t := range tasks {
		if _, err := client.EnqueueContext(ctx, t); err != nil {
			return fmt.Errorf("asynq: task %s: %w", t.Type(), err)
		}
	}
	_, err := b.pipe.Exec(ctx)
	if redis.HasErrorPrefix(err, "EXECABORT") { // the cause is not in it
		return fmt.Errorf("asynq: Redis refuses to store tasks, as when its memory is full: %w", err)
	}
	if err != nil {
		return fmt.Errorf("asynq: %w", err)
	}
	return nil
}

// A batch is a connection to Redis that keeps what asynq's client sends, for one
// transaction.
//
// asynq's client stores one task at a time: a script of its own for each, and
// once for each queue the queue's name. Its scripts and keys are not ours to
// know. So the client works as always, over this connection, and is told each
// time that all went well; what it has asked for is then sent at once.
// The scripts' own answers say only whether a task was there before.
type batch struct {
	redis.UniversalClient // for anything else: there is nothing else in v0.26
	pipe                  redis.Pipeliner
	cluster               bool
	known                 map[string]bool // scripts that the transaction has the text of
	asked                 string          // the script that was asked for last
}

// EvalSha keeps the call of a script. The first one in a transaction has to
// bring the text: Redis may have forgotten it, and then it would be too late.
func (b *batch) EvalSha(ctx context.Context, sha string, keys []string, args ...any) *redis.Cmd {
	answer := redis.NewCmd(ctx)
	if !b.known[sha] {
		b.asked = sha
		answer.SetErr(noScript{}) // Eval is called next
		return answer
	}
	b.pipe.EvalSha(ctx, sha, keys, args...)
	answer.SetVal(int64(1))
	return answer
}

// Eval keeps the call of a script that the one before has asked for.
func (b *batch) Eval(ctx context.Context, script string, keys []string, args ...any) *redis.Cmd {
	b.known[b.asked] = true
	b.pipe.Eval(ctx, script, keys, args...)
	answer := redis.NewCmd(ctx)
	answer.SetVal(int64(1))
	return answer
}

// SAdd keeps the name of a queue. In a cluster the set of names is on another
// machine than the queue, and the name is sent at once.
func (b *batch) SAdd(ctx context.Context, key string, members ...any) *redis.IntCmd {
	if b.cluster {
		return b.UniversalClient.SAdd(ctx, key, members...)
	}
	b.pipe.SAdd(ctx, key, members...)
	answer := redis.NewIntCmd(ctx)
	answer.SetVal(1)
	return answer
}

// noScript is what Redis says of a script that it does not have.
type noScript struct{}

func (noScript) Error() string { return "NOSCRIPT no script yet" }
func (noScript) RedisError()   {}
