package asynq

import (
	"context"
	"encoding/json"
	"errors"
	"math/rand/v2"
	"time"

	"github.com/bggen/bggen/runtime/engine"
	hibiken "github.com/hibiken/asynq"
	"github.com/redis/go-redis/v9"
)

// asynq counts the attempts of a task, and a crash is one of them. Ours are
// those that reported a failure. Their number is kept as the result of the
// asynq task, the one place where a handler may write, so that it is found again
// in whatever process the next attempt is made.

// tally is what is kept as the result of a task.
type tally struct {
	Failed int `json:"failed"` // attempts that reported a failure
}

// tallyOf reads the result of a task. A task of which none was kept has none.
func tallyOf(info *hibiken.TaskInfo) (t tally) {
	if json.Unmarshal(info.Result, &t) != nil {
		return tally{}
	}
	return t
}

// note keeps how many attempts of a call have failed. If it cannot, the call is
// given one attempt more.
func (w *worker) note(t *hibiken.Task, c engine.Call, failed int) {
	text, err := json.Marshal(tally{failed})
	if err == nil {
		_, err = t.ResultWriter().Write(text)
	}
	if err != nil {
		w.config.Logger.Warn("a failed attempt cannot be counted", "task", c.Name, "id", c.ID, "error", err)
	}
}

// before is what is to be done before an attempt: it returns how many have
// failed. An error of it is one for asynq. It asks Redis only where there was an
// attempt before, or a key to give back.
func (w *worker) before(ctx context.Context, c engine.Call) (failed int, err error) {
	if n, _ := hibiken.GetRetryCount(ctx); n > 0 {
		queue, _ := hibiken.GetQueueName(ctx)
		info, err := w.inspector.GetTaskInfo(queue, c.ID)
		if err != nil {
			return 0, &putOff{err, time.Second}
		}
		if _, ok := info.Headers[headCall]; !ok {
			return n, nil // a task of others, without a margin
		}
		if _, cancelled, err := w.cancelled(ctx, c.ID); err != nil {
			return 0, &putOff{err, time.Second}
		} else if cancelled {
			return 0, hibiken.RevokeTask
		}
		return tallyOf(info).Failed, nil
	}
	if c.Unique != "" {
		if err := w.giveBack(ctx, c); err != nil {
			return 0, &putOff{err, time.Second}
		}
	}
	return 0, nil
}

// giveBack lets another call with the same Unique key in: this one waits no
// more. asynq would do so only when it has succeeded.
func (w *worker) giveBack(ctx context.Context, c engine.Call) error {
	key, err := w.uniqueKey(ctx, c)
	if err != nil {
		return err
	}
	return deleteIf.Run(ctx, w.redis, []string{key}, c.ID).Err()
}

var deleteIf = redis.NewScript(`
if redis.call("GET", KEYS[1]) == ARGV[1] then
	return redis.call("DEL", KEYS[1])
end
return 0
`)

// uniqueKey is the key of Redis that asynq has locked for a call. It is asynq's
// own: its client is asked to store the call again, and looked at over the
// shoulder.
func (w *worker) uniqueKey(ctx context.Context, c engine.Call) (string, error) {
	c.At = time.Time{} // it is stored in another way otherwise
	t, err := w.encode(c)
	if err != nil {
		return "", err
	}
	look := &onlooker{UniversalClient: w.redis}
	_, err = hibiken.NewClientFromRedisClient(look).EnqueueContext(ctx, t)
	return look.key, err
}

// An onlooker is a connection that sends nothing and remembers the first key
// of a script: that of the lock.
type onlooker struct {
	redis.UniversalClient
	key string
}

func (o *onlooker) EvalSha(ctx context.Context, _ string, keys []string, _ ...any) *redis.Cmd {
	o.key = keys[0]
	answer := redis.NewCmd(ctx)
	answer.SetVal(int64(1))
	return answer
}

func (o *onlooker) SAdd(ctx context.Context, _ string, _ ...any) *redis.IntCmd {
	return redis.NewIntCmd(ctx)
}

// A failure is a failed attempt after which there is another.
type failure struct {
	error
	next time.Time
}

func (f *failure) Unwrap() error { return f.error }

// nextAttempt is when a call of which so many attempts have failed is tried
// again. asynq keeps whole seconds: the moment that RetryAfter asks for is
// rounded up, and that of a backoff, which is a longest wait, is not.
func nextAttempt(c engine.Call, failed int, err error) time.Time {
	next := time.Now().Add(engine.Backoff(c, failed, err))
	if _, asked := engine.RetryDelay(err); asked {
		return wholeSecond(next)
	}
	return next
}

// A putOff is the error of a call that could not be tried here and now. It does
// not count.
type putOff struct {
	error
	wait time.Duration
}

func (p *putOff) Unwrap() error { return p.error }

// A deadLetter is the error of a call that is not tried again.
type deadLetter struct{ error }

func (d *deadLetter) Unwrap() []error { return []error{d.error, hibiken.SkipRetry} }

// counts reports whether asynq is to count an attempt.
func counts(err error) bool {
	_, off := errors.AsType[*putOff](err)
	return !off
}

// retryDelay is how long a call waits for its next attempt.
func retryDelay(n int, err error, _ *hibiken.Task) time.Duration {
	if p, ok := errors.AsType[*putOff](err); ok {
		return p.wait
	}
	if f, ok := errors.AsType[*failure](err); ok {
		return time.Until(f.next)
	}
	if errors.Is(err, hibiken.ErrLeaseExpired) || errors.Is(err, context.Canceled) {
		return rand.N(time.Second) // a crash, or Cancel, which then has a look
	}
	return engine.Backoff(engine.Call{}, n+1, err)
}

// unknownWait is the least time after which a call of a task that this process
// does not know is offered again, to whoever looks first.
const unknownWait = 2 * time.Second

// unknownDelay spreads these times.
func unknownDelay() time.Duration { return unknownWait + rand.N(unknownWait) }
