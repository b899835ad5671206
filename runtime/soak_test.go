package runtime_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	goruntime "runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/bggen/bggen/runtime"
)

// A ledger knows which tasks were accepted, and which have ended.
type ledger struct {
	mu       sync.Mutex
	next     int
	accepted map[string]bool
	ended    map[string]bool
}

func (l *ledger) name() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.next++
	return fmt.Sprint("task", l.next)
}

func (l *ledger) note(in map[string]bool, names ...string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, name := range names {
		in[name] = true
	}
}

// task is one of all kinds. It is noted as ended in its last attempt.
func (l *ledger) task(bg *runtime.BackgroundTasks) string {
	name := l.name()
	calls := atomic.Int32{}
	opts := []runtime.TaskOption{runtime.Named(name)}
	kind := rand.IntN(10)
	switch kind {
	case 0:
		opts = append(opts, runtime.Unordered())
	case 1:
		opts = append(opts, runtime.Delay(rand.N(20*time.Millisecond)))
	case 2, 3:
		opts = append(opts, runtime.Attempts(3), runtime.Backoff(5*time.Millisecond))
	case 4:
		opts = append(opts, runtime.Delay(time.Hour)) // not due before the end
	}
	bg.Add(func(ctx context.Context) error {
		n := calls.Add(1)
		switch kind {
		case 2:
			if n < 3 {
				return errOnPurpose
			}
		case 3:
			if n < 3 {
				panic(errOnPurpose)
			}
			l.note(l.ended, name)
			return errOnPurpose
		case 5:
			l.note(l.ended, name)
			panic(errOnPurpose)
		case 6:
			select {
			case <-time.After(rand.N(10 * time.Millisecond)):
			case <-ctx.Done():
			}
		case 7:
			if rand.IntN(2) == 0 {
				l.note(l.accepted, l.task(bg))
			}
		case 8:
			l.note(l.ended, name)
			goruntime.Goexit()
		}
		l.note(l.ended, name)
		return nil
	}, opts...)
	return name
}

// A mix of all that can happen, with a shutdown in the middle: what was accepted
// has run, or is named as left; and nothing stays behind.
func TestSoak(t *testing.T) {
	rounds := 4
	if testing.Short() {
		rounds = 1
	}
	before := goruntime.NumGoroutine()
	var heap int64
	for i := range rounds {
		soak(t, time.Duration(200+rand.IntN(600))*time.Millisecond)
		awaitGoroutines(t, before) // they hold what they work on
		if i == 0 {
			heap = heapInUse()
		}
	}
	grown := heapInUse() - heap
	for i := 0; grown > 4<<20 && i < 100; i++ { // the stack of a goroutine that has just ended may hold a runner
		goruntime.Gosched()
		grown = heapInUse() - heap
	}
	if grown > 4<<20 {
		t.Errorf("the heap has grown by %d KiB", grown>>10)
	}
}

// awaitGoroutines waits until no more goroutines are left than there were before.
func awaitGoroutines(t *testing.T, before int) {
	t.Helper()
	for deadline := time.Now().Add(10 * time.Second); goruntime.NumGoroutine() > before; goruntime.Gosched() {
		if time.Now().After(deadline) {
			buf := make([]byte, 1<<16)
			t.Fatalf("%d goroutines, %d before:\n%s", goruntime.NumGoroutine(), before, buf[:goruntime.Stack(buf, true)])
		}
	}
}

func soak(t *testing.T, load time.Duration) {
	l := &ledger{accepted: map[string]bool{}, ended: map[string]bool{}}
	runner := &runtime.Runner{Logger: quiet, Queue: 500, Workers: 8, Wait: 10 * time.Millisecond}
	adapter := failing(runner, func(w http.ResponseWriter, r *http.Request, bg *runtime.BackgroundTasks) error {
		names := r.Context().Value(valueKey{}).(*[]string)
		for range rand.IntN(4) {
			*names = append(*names, l.task(bg))
		}
		switch rand.IntN(12) {
		case 0:
			return errOnPurpose
		case 1:
			panic(http.ErrAbortHandler)
		case 2:
			<-r.Context().Done() // the client goes
		}
		w.Header().Set("Accepted", "yes")
		io.WriteString(w, "ok")
		return nil
	})
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var names []string
		adapter.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), valueKey{}, &names)))
		if w.Header().Get("Accepted") != "" && w.Header().Get("Retry-After") == "" {
			l.note(l.accepted, names...)
		}
	}))
	runner.Attach(server.Config)
	server.Config.ErrorLog = nil
	server.Start()

	ctx, stop := context.WithTimeout(t.Context(), load)
	defer stop()
	var clients sync.WaitGroup
	for range 16 {
		clients.Go(func() {
			for ctx.Err() == nil {
				request, cancel := context.WithTimeout(ctx, rand.N(20*time.Millisecond)+time.Millisecond)
				req, _ := http.NewRequestWithContext(request, "GET", server.URL, nil)
				if resp, err := server.Client().Do(req); err == nil {
					io.Copy(io.Discard, resp.Body)
					resp.Body.Close()
				}
				cancel()
			}
		})
	}
	clients.Wait()
	server.Close()
	deadline, cancel := context.WithTimeout(t.Context(), rand.N(100*time.Millisecond))
	defer cancel()
	err := runner.Shutdown(deadline)
	if err := runner.Idle(t.Context()); err != nil { // those that ran when the time was up
		t.Fatal(err)
	}
	left := map[string]bool{}
	if e, ok := errors.AsType[*runtime.ShutdownError](err); ok {
		for _, task := range e.Left {
			left[task.Name] = true
		}
	}
	lost := 0
	for name := range l.accepted {
		if !l.ended[name] && !left[name] {
			lost++
		}
	}
	if lost > 0 || len(l.accepted) == 0 {
		t.Errorf("%d of %d tasks were lost; %d have ended, %d were left", lost, len(l.accepted), len(l.ended), len(left))
	}
	if s := runner.Stats(); s.Slots != 0 || s.Running != 0 || s.Delayed != 0 {
		t.Errorf("%+v", s)
	}
}
