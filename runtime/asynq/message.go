package asynq

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"time"

	"github.com/bggen/bggen/runtime/engine"
	hibiken "github.com/hibiken/asynq"
)

// A call is an asynq task in this way: its name is the type, its arguments are
// the payload, and its metadata are headers, all as they are, so that the tools
// of asynq show them. What asynq has no place for is in two more headers.
const (
	headCall = "bggen-call" // a head, as JSON
	headArgs = "bggen-args" // the arguments of a call with Unique
)

// A head is what asynq has no place for.
type head struct {
	Attempts int           `json:"attempts"`
	Timeout  time.Duration `json:"timeout,omitempty"`
	Backoff  time.Duration `json:"backoff,omitempty"`
	At       time.Time     `json:"at,omitzero"`
	Queue    string        `json:"queue,omitempty"` // as it was asked for
	Unique   bool          `json:"unique,omitempty"`
}

const (
	// crashes is how many attempts asynq may count beyond those that fail: it
	// counts one when a process dies. Without the margin a task of one attempt
	// would be given up then.
	crashes = 25

	// forever is the timeout that asynq is told. It does not wait for the
	// function when a timeout is over, but calls it again beside itself; ours
	// ends the context and waits, as in process.
	forever = 10 * 365 * 24 * time.Hour

	// uniqueFor is how long a call keeps others of its key out, if it is never
	// begun: asynq wants an end.
	uniqueFor = 7 * 24 * time.Hour

	// keepOnce is how long a task with Once is kept at most that has succeeded.
	keepOnce = 48 * time.Hour
)

// encode makes the asynq task of a call.
func (e *Engine) encode(c engine.Call) (*hibiken.Task, error) {
	queue, err := e.config.queue(c.Queue)
	if err != nil {
		return nil, err
	}
	text, err := json.Marshal(head{max(c.Attempts, 1), c.Timeout, c.Backoff, c.At, c.Queue, c.Unique != ""})
	if err != nil {
		return nil, err
	}
	headers := map[string]string{headCall: string(text)}
	for key, value := range c.Meta {
		if key == headCall || key == headArgs {
			return nil, fmt.Errorf("the name %s of metadata is taken", key)
		}
		headers[key] = value
	}
	opts := []hibiken.Option{
		hibiken.TaskID(c.ID), hibiken.Queue(queue),
		hibiken.MaxRetry(max(c.Attempts, 1) - 1 + crashes), hibiken.Timeout(forever),
	}
	keep := e.config.Keep
	if c.Once != "" {
		keep = max(keep, engine.OnceFor(c, keepOnce))
	}
	if keep > 0 {
		opts = append(opts, hibiken.Retention(max(keep, time.Second)))
	}
	if !c.At.IsZero() {
		opts = append(opts, hibiken.ProcessAt(wholeSecond(c.At)))
	}
	payload := []byte(c.Args)
	if c.Unique != "" {
		// To asynq a task is unique by its type and payload. So the key is the
		// payload, and the arguments go with the headers.
		headers[headArgs], payload = string(c.Args), []byte(c.Unique)
		opts = append(opts, hibiken.Unique(uniqueFor))
	}
	return hibiken.NewTaskWithHeaders(c.Name, payload, headers, opts...), nil
}

// decode is the call that a task was made from. ctx is the one that asynq has
// given its handler. A task that an asynq client of others has stored is a call
// too: asynq's count of attempts is taken as ours.
func (e *Engine) decode(ctx context.Context, t *hibiken.Task) (engine.Call, error) {
	c := engine.Call{Name: t.Type(), Args: t.Payload()}
	c.ID, _ = hibiken.GetTaskID(ctx)
	text, ours := t.Headers()[headCall]
	if !ours {
		most, _ := hibiken.GetMaxRetry(ctx)
		c.Attempts, c.Meta = most+1, t.Headers()
		if queue, _ := hibiken.GetQueueName(ctx); queue != e.config.DefaultQueue {
			c.Queue = queue
		}
		return c, nil
	}
	var h head
	if err := json.Unmarshal([]byte(text), &h); err != nil {
		return c, fmt.Errorf("the header %s cannot be read: %w", headCall, err)
	}
	c.Attempts, c.Timeout, c.Backoff, c.At, c.Queue = h.Attempts, h.Timeout, h.Backoff, h.At, h.Queue
	if h.Unique {
		args, ok := t.Headers()[headArgs]
		if !ok {
			return c, errors.New("the header " + headArgs + " is missing")
		}
		c.Unique, c.Args = string(t.Payload()), json.RawMessage(args)
	}
	meta := maps.Clone(t.Headers())
	delete(meta, headCall)
	delete(meta, headArgs)
	if len(meta) > 0 {
		c.Meta = meta
	}
	return c, nil
}

// wholeSecond is the first whole second that is not before t. asynq keeps no
// parts of a second, and would begin too early.
func wholeSecond(t time.Time) time.Time {
	if whole := t.Truncate(time.Second); whole.Before(t) {
		return whole.Add(time.Second)
	}
	return t
}
