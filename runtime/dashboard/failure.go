package dashboard

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/bggen/bggen/runtime"
	"github.com/bggen/bggen/runtime/internal/core"
)

// history is how many failures are kept, the last ones.
const history = 200

// What is kept of the texts of one failure, in bytes: an error may carry a whole
// answer of a server, and there are 200 of them.
const (
	mostError = 4 << 10
	mostStack = 16 << 10
	mostArgs  = 2 << 10
)

// A failure is an attempt that failed. Its fields are those of data.json.
type failure struct {
	ID       string          `json:"id"`
	At       time.Time       `json:"at"`
	Name     string          `json:"name"`
	Handler  string          `json:"handler,omitempty"`
	Attempt  int             `json:"attempt"`
	Error    string          `json:"error"`
	Stack    string          `json:"stack,omitempty"`
	Args     json.RawMessage `json:"args,omitempty"`
	RetryIn  float64         `json:"retry_in_seconds,omitempty"`
	ByEngine bool            `json:"retried_by_engine,omitempty"`
	Again    bool            `json:"run_again,omitempty"` // somebody had it run again

	again func() // nil: it cannot be run again
}

// collectFailures has the runner tell of attempts that fail. Until one does,
// that costs nothing.
func (d *dashboard) collectFailures() {
	before := d.runner.OnError
	d.runner.OnError = func(ctx context.Context, info runtime.TaskInfo, err error) {
		if before != nil {
			defer before(ctx, info, err) // also when we panic
		}
		d.fail(ctx, info, err)
	}
}

func (d *dashboard) fail(ctx context.Context, info runtime.TaskInfo, err error) {
	f := &failure{
		ID: rand.Text(), At: time.Now(), Name: info.Name, Handler: info.Handler, Attempt: info.Attempt,
		Error: clip(err.Error(), mostError),
	}
	if p, ok := errors.AsType[*runtime.PanicError](err); ok {
		f.Stack = clip(string(p.Stack), mostStack)
	}
	args, again := core.FailedTask(ctx)
	if again != nil {
		f.RetryIn = info.RetryIn.Seconds()
	} else { // an engine knows when
		f.ByEngine = info.RetryIn > 0
	}
	if d.arguments {
		f.Args = encode(args)
	}
	switch {
	case info.RetryIn > 0:
		d.retried.add(f)
	case d.actions:
		f.again = again
		fallthrough
	default:
		d.failed.add(f)
	}
}

// encode is the arguments of a task whose attempt has ended: while it runs, it
// may be writing to what they point to.
func encode(args any) json.RawMessage {
	if args == nil {
		return nil
	}
	text, err := json.Marshal(args)
	if err != nil {
		text, _ = json.Marshal(fmt.Sprintf("they cannot be shown: %v", err))
	}
	return short(text)
}

// short is text, or its beginning as a string if it is long.
func short(text json.RawMessage) json.RawMessage {
	if len(text) > mostArgs {
		text, _ = json.Marshal(clip(string(text), mostArgs))
	}
	return text
}

// clip is s, or its beginning if it has more than most bytes.
func clip(s string, most int) string {
	if len(s) <= most {
		return strings.ToValidUTF8(s, "\uFFFD")
	}
	return strings.ToValidUTF8(s[:most], "") + fmt.Sprintf(" … and %s bytes more", thousands(len(s)-most))
}

// A ring is the last failures.
type ring struct {
	mu    sync.Mutex
	list  []*failure // the oldest is at next, when it is full
	next  int
	total int // that were added
}

func (r *ring) add(f *failure) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.total++
	if len(r.list) < history {
		r.list = append(r.list, f)
		return
	}
	r.list[r.next] = f
	r.next = (r.next + 1) % history
}

// all is copies of the failures, the newest first, and how many there were
// since the start.
func (r *ring) all() ([]failure, int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	list := make([]failure, 0, len(r.list))
	for i := range r.list {
		list = append(list, *r.list[(r.next+i)%len(r.list)])
	}
	slices.Reverse(list)
	return list, r.total
}

// get is the failure of that id.
func (r *ring) get(id string) (failure, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, f := range r.list {
		if f.ID == id {
			return *f, true
		}
	}
	return failure{}, false
}

// take is get, for the one who has the task run again: nobody does after him,
// or two who look at the page would send two mails.
func (r *ring) take(id string) (f failure, known bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, kept := range r.list {
		if kept.ID == id {
			f = *kept
			if f.again != nil {
				kept.again, kept.Again = nil, true
			}
			return f, true
		}
	}
	return f, false
}
