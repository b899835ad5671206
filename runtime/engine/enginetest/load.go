package enginetest

import (
	"cmp"
	"context"
	"fmt"
	"os"
	goruntime "runtime"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/bggen/bggen/runtime"
	"github.com/bggen/bggen/runtime/adapter"
	"github.com/bggen/bggen/runtime/engine"
)

// A Load is what the test of a long load has to know of an engine.
type Load struct {
	// Open is Options.Open, but that the engine forgets within Keep, with its own
	// cleaning, what has succeeded. As it is set up elsewhere that takes hours, and this
	// is the load of hours in minutes.
	Open func(address string) (e engine.Engine, closeEngine func() error, err error)
	Keep time.Duration

	// Stored is what the storage has at the moment.
	Stored func(t testing.TB, address string) (entries int, bytes int64)
}

const (
	loadRate  = 50 // tasks a second
	loadParts = 9  // how often it is looked at what there is
)

// testLoad stores tasks at a steady rate for as long as BGGEN_LOAD says, and runs them.
// All of them run, and neither the storage nor the memory grows with their number.
func testLoad(t *testing.T, o *Options) {
	took, err := time.ParseDuration(cmp.Or(os.Getenv("BGGEN_LOAD"), "0s"))
	if err != nil {
		t.Fatal("BGGEN_LOAD is no duration:", err)
	}
	if took == 0 || o.Load == nil {
		t.Skip("it runs for as long as BGGEN_LOAD says, as in BGGEN_LOAD=60s, for engines that have a Load")
	}
	loaded := *o
	loaded.Open = o.Load.Open
	p := newProcess(t, &loaded)
	l := newLoader(p)
	p.work()
	var parts []loadPart
	for i := range loadParts {
		l.store(l.began.Add(took * time.Duration(i+1) / loadParts))
		parts = append(parts, l.look(o.Load))
	}
	l.await(t, o.Recovery)
	middle, end := worst(parts[loadParts/3:2*loadParts/3]), worst(parts[2*loadParts/3:])
	addRow("for\ttasks\tentries\twaiting\tMB stored\tMB of memory\tgoroutines\tp50\tp99\ttest",
		fmt.Sprintf("%v\t%d\t%d, %d\t%d, %d\t%.1f, %.1f\t%.1f, %.1f\t%d, %d\t%v, %v\t%v, %v\t%s",
			took, len(l.ran), middle.entries, end.entries, middle.waiting, end.waiting, mega(middle.bytes), mega(end.bytes),
			mega(middle.memory), mega(end.memory), middle.goroutines, end.goroutines, middle.p50, end.p50, middle.p99, end.p99, t.Name()))
	// A task that waits may have an entry for its key, too.
	if most := int(2*o.Load.Keep.Seconds()*loadRate) + 2*loadRate + 2*end.waiting; end.entries > most {
		t.Errorf("there are %d entries, of %d tasks that were stored within %v, while %d wait: expected %d at most", end.entries, len(l.ran), took, end.waiting, most)
	}
	if end.memory > 3*middle.memory/2+8<<20 || end.goroutines > 2*middle.goroutines+20 {
		t.Errorf("the process has grown: %+v, and before %+v", end, middle)
	}
}

func mega(n int64) float64 { return float64(n) / (1 << 20) }

// A loader stores tasks, and knows which have run.
type loader struct {
	p     *process
	task  *adapter.TaskDef[int]
	began time.Time

	mu    sync.Mutex
	due   []time.Time // of each task
	ran   []bool
	left  int             // that have not run
	waits []time.Duration // since the last look, from when a task was due until it began
}

func newLoader(p *process) *loader {
	l := &loader{p: p, began: time.Now()}
	l.task = adapter.NewTaskDef[int]("enginetest.load", runtime.Attempts(3), runtime.Backoff(time.Second))
	l.task.Register(p.runner, l.run)
	return l
}

// run fails in the first attempt of one in 100.
func (l *loader) run(ctx context.Context, n int) error {
	if info, _ := runtime.InfoOf(ctx); info.Attempt == 1 && n%100 == 0 {
		return errTest
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.ran[n] {
		return nil
	}
	if n%100 != 0 {
		l.waits = append(l.waits, time.Since(l.due[n]))
	}
	l.ran[n] = true
	l.left--
	return nil
}

// store stores so many tasks a second, until a time. One in ten is delayed, and one in
// ten has a key.
func (l *loader) store(until time.Time) {
	for time.Now().Before(until) {
		n := len(l.due)
		time.Sleep(time.Until(l.began.Add(time.Duration(n) * time.Second / loadRate)))
		var opts []runtime.TaskOption
		due := time.Now()
		switch n % 10 {
		case 1:
			due = due.Add(time.Second)
			opts = append(opts, runtime.At(due))
		case 2:
			opts = append(opts, runtime.Unique(fmt.Sprint(n)))
		}
		l.mu.Lock()
		l.due, l.ran = append(l.due, due), append(l.ran, false)
		l.left++
		l.mu.Unlock()
		l.p.do(func(b *runtime.BackgroundTasks) { l.task.Enqueue(b, n, opts) })
	}
}

// A loadPart is what there was at the end of a part.
type loadPart struct {
	entries       int
	waiting       int // tasks that have not run
	bytes, memory int64
	goroutines    int
	p50, p99      time.Duration
}

func (l *loader) look(o *Load) (part loadPart) {
	part.entries, part.bytes = o.Stored(l.p.t, l.p.address)
	goruntime.GC()
	var m goruntime.MemStats
	goruntime.ReadMemStats(&m)
	part.memory, part.goroutines = int64(m.HeapAlloc), goruntime.NumGoroutine()
	l.mu.Lock()
	waits := l.waits
	l.waits, part.waiting = nil, l.left
	l.mu.Unlock()
	if slices.Sort(waits); len(waits) > 0 {
		part.p50, part.p99 = waits[len(waits)/2].Round(time.Millisecond), waits[len(waits)*99/100].Round(time.Millisecond)
	}
	return part
}

// worst is the most of each.
func worst(parts []loadPart) (w loadPart) {
	for _, p := range parts {
		w = loadPart{
			max(w.entries, p.entries), max(w.waiting, p.waiting), max(w.bytes, p.bytes), max(w.memory, p.memory), max(w.goroutines, p.goroutines),
			max(w.p50, p.p50), max(w.p99, p.p99),
		}
	}
	return w
}

// await waits until all have run.
func (l *loader) await(t *testing.T, most time.Duration) {
	t.Helper()
	for deadline := time.Now().Add(most); ; time.Sleep(20 * time.Millisecond) {
		l.mu.Lock()
		left := l.left
		l.mu.Unlock()
		if left == 0 {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("%d of %d have not run within %v", left, len(l.ran), most)
		}
	}
}
