package nats

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/bggen/bggen/runtime/engine"
	client "github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// most is how many messages the server takes in a batch: a call with Unique has
// two.
const most = 1000

// Enqueue stores the calls in one batch, all or none. A call is dropped whose
// Unique key another one holds.
func (e *Engine) Enqueue(ctx context.Context, calls []engine.Call) error {
	ctx, cancel := context.WithTimeout(ctx, opening)
	defer cancel()
	ctx, leave := e.whileConnected(ctx)
	defer leave()
	calls, err := e.withoutHeld(ctx, calls, false)
	for err == nil {
		var messages []*client.Msg
		if messages, err = e.messagesOf(calls); err != nil {
			break
		}
		if err = e.send(ctx, messages); !isConflict(err) {
			break
		}
		calls, err = e.withoutHeld(ctx, calls, true) // somebody was faster
	}
	if err != nil && context.Cause(ctx) == errLost {
		err = errLost
	}
	if err != nil {
		return fmt.Errorf("nats: %w", err)
	}
	return nil
}

// withoutHeld leaves out the calls whose key another of them has, or, where look
// is set, one that is stored.
func (e *Engine) withoutHeld(ctx context.Context, calls []engine.Call, look bool) (rest []engine.Call, err error) {
	known := map[string]bool{}
	for _, c := range calls {
		key := e.keyOf(c)
		if key != "" && look {
			_, err := e.stream.GetLastMsgForSubject(ctx, key)
			if err != nil && !errors.Is(err, jetstream.ErrMsgNotFound) {
				return nil, err
			}
			known[key] = known[key] || err == nil
		}
		if key == "" || !known[key] {
			rest = append(rest, c)
		}
		known[key] = true
	}
	return rest, nil
}

// keyOf is the subject of the key of a call, "" if it has none.
func (e *Engine) keyOf(c engine.Call) string {
	kind, key := once, c.Once
	if c.Unique != "" {
		kind, key = unique, c.Name+"\x00"+c.Queue+"\x00"+c.Unique
	}
	if key == "" {
		return ""
	}
	sum := sha256.Sum256([]byte(key))
	return e.subject(kind, hex.EncodeToString(sum[:16]))
}

// messagesOf is the messages that store calls.
func (e *Engine) messagesOf(calls []engine.Call) (messages []*client.Msg, err error) {
	for _, c := range calls {
		r := record{Call: c, Key: e.keyOf(c)}
		if _, named := e.config.Queues[r.queue()]; !named {
			return nil, fmt.Errorf("task %s: no worker looks into the queue %q: name it in Queues of the nats.Config that opens the engine", c.Name, c.Queue)
		}
		text, err := json.Marshal(r)
		if err != nil {
			return nil, fmt.Errorf("task %s: %w", c.Name, err)
		}
		if r.Key != "" {
			lock := client.NewMsg(r.Key)
			lock.Data = []byte(c.ID)
			lock.Header.Set(jetstream.ExpectedLastSubjSeqHeader, "0")
			if c.Once != "" {
				lock.Header.Set(jetstream.MsgTTLHeader, engine.OnceFor(c, keepOnce).String())
			}
			messages = append(messages, lock)
		}
		m := client.NewMsg(e.subject(waits, r.queue(), ".", c.ID))
		m.Data = text
		if time.Until(c.At) > 0 {
			m.Header.Set(jetstream.ScheduleHeader, "@at "+c.At.UTC().Format(time.RFC3339Nano))
			m.Header.Set(jetstream.ScheduleTargetHeader, m.Subject)
			m.Subject = e.subject(due, r.queue(), ".", c.ID)
		}
		messages = append(messages, m)
	}
	if len(messages) > most {
		return nil, fmt.Errorf("%d tasks at once are more than the server takes", len(calls))
	}
	return messages, nil
}

// send stores messages: a batch is sent, and the last one commits it.
func (e *Engine) send(ctx context.Context, messages []*client.Msg) error {
	if len(messages) == 0 {
		return nil
	}
	last := messages[len(messages)-1]
	if len(messages) > 1 {
		id := rand.Text()
		for i, m := range messages {
			m.Header.Set("Nats-Batch-Id", id)
			m.Header.Set("Nats-Batch-Sequence", strconv.Itoa(i+1))
		}
		last.Header.Set("Nats-Batch-Commit", "1")
		for _, m := range slices.Clip(messages[:len(messages)-1]) {
			if err := e.conn.PublishMsg(m); err != nil {
				return err
			}
		}
	}
	answer, err := e.conn.RequestMsgWithContext(ctx, last)
	if err != nil {
		return err
	}
	var ack struct {
		Error *jetstream.APIError `json:"error"`
	}
	if err := json.Unmarshal(answer.Data, &ack); err != nil {
		return fmt.Errorf("the answer of the server cannot be read: %w", err)
	}
	if ack.Error != nil {
		return ack.Error
	}
	return nil
}

// isConflict reports whether a message was not stored since there is another one.
func isConflict(err error) bool {
	failure, ok := errors.AsType[*jetstream.APIError](err)
	return ok && (failure.ErrorCode == 10071 || failure.ErrorCode == 10164)
}
