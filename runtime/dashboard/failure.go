package dashboard

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/bggen/bggen/runtime"
	"github.com/bggen/bggen/runtime/engine"
	"github.com/bggen/bggen/runtime/internal/core"
)

// history is how many attempts that failed are kept, the last ones: of those that were
// the last of their task, and of the others.
const history = 200

// What is kept of the texts of one attempt, in bytes: an error may carry a whole
// answer of a server, and there are 400 of them.
const (
	mostError = 4 << 10
	mostStack = 16 << 10
	mostArgs  = 2 << 10
)

// A failure is an attempt that failed in this process.
type failure struct {
	engine.Attempt
	id      string // of the task
	name    string
	handler string
	args    json.RawMessage
	stored  bool   // an engine has the task
	again   func() // runs the task once more; nil: it cannot be run from here
	ran     bool   // somebody had it run again
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
	f := &failure{id: info.ID, name: info.Name, handler: info.Handler}
	f.Attempt = engine.Attempt{At: time.Now(), Number: info.Attempt, Error: clip(err.Error(), mostError)}
	if p, ok := errors.AsType[*runtime.PanicError](err); ok {
		f.Stack = clip(string(p.Stack), mostStack)
	}
	args, again := core.FailedTask(ctx)
	f.stored = again == nil
	if d.arguments {
		f.args = encode(args)
	}
	if info.RetryIn > 0 {
		d.retried.add(f)
		return
	}
	if d.mayAct {
		f.again = again
	}
	d.failed.add(f)
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

// A ring is the last attempts that failed.
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

// all is copies of the attempts, the newest first, and how many there were
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

// of is the attempts of a task, the first one first.
func (r *ring) of(id string) (found []failure) {
	list, _ := r.all()
	for _, f := range slices.Backward(list) {
		if f.id == id {
			found = append(found, f)
		}
	}
	return found
}

// take returns what runs a task again, for the one who has it run: nobody does after
// him, or two who look at the page would send two mails.
func (r *ring) take(id string) func() {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, f := range r.list {
		if f.id == id && f.again != nil {
			again := f.again
			f.again, f.ran = nil, true
			return again
		}
	}
	return nil
}

// forget forgets the attempts of a task, and reports whether there were any.
func (r *ring) forget(id string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	before := len(r.list)
	if r.next > 0 { // so that the oldest is the first
		r.list, r.next = slices.Concat(r.list[r.next:], r.list[:r.next]), 0
	}
	r.list = slices.DeleteFunc(r.list, func(f *failure) bool { return f.id == id })
	return len(r.list) < before
}

// attemptsOf is all that is kept of the attempts of a task that failed in this process.
func (d *dashboard) attemptsOf(id string) []failure {
	return append(d.retried.of(id), d.failed.of(id)...)
}
