package core

import (
	"maps"
	"reflect"
	"sync"
	"sync/atomic"
	"time"

	"github.com/bggen/bggen/runtime/engine"
)

// A meter counts the attempts that end, by the name of their task, and how long
// they took, for the last 24 hours. It always does, so that what has led to an
// incident is there when somebody looks. What it holds is bounded: see [MeterMemory].
type meter struct {
	mu     sync.Mutex // of those who add a series
	byName atomic.Pointer[map[string]*series]
	byCode atomic.Pointer[map[uintptr]*series] // of tasks without a name
}

const (
	meterDay  = 24 * 60 // minutes that attempts are counted for
	meterHour = 60      // minutes of which each has its durations
	meterTen  = 10      // minutes that have their durations together, for the day
	// MeterNames is how many names are told apart. Some programs make names of
	// numbers.
	MeterNames  = 32
	meterShards = 4
	meterEnded  = 16 // tasks that a shard remembers
)

// OtherNames is the name of all tasks whose name came when there were too many.
const OtherNames = "(others)"

// MeterMemory is how many bytes the meter of a runner takes at most, about.
const MeterMemory = (MeterNames + 1) * 168 << 10

// A series is what is known of the tasks of one name.
type series struct {
	name   string
	shards [meterShards]shard

	mu      sync.Mutex
	last    int64 // the minute of the last attempt
	minutes [meterDay]minuteCount
	hour    [meterHour]minuteDurations
	day     [meterDay / meterTen]minuteDurations
}

// A shard is what has come since it was last put into the rings of its series.
// There are several, for attempts that end at the same time.
type shard struct {
	quick         atomic.Uint32 // attempts that took too little for anybody to look at the clock
	mu            sync.Mutex
	until         time.Duration // the end of the minute that the rest is of, on the clock of tasks
	ended, failed uint32
	took          durations
	past          [meterEnded]Past
	next          int
	_             [64]byte
}

type minuteCount struct {
	minute        int64
	ended, failed uint32
}

type minuteDurations struct {
	minute int64 // the first of them
	took   durations
}

// A Past is a task of this process that has succeeded.
type Past struct {
	Name, Handler string
	At            time.Time     // when it ended
	Took          time.Duration // 0: it was short, and that is not known
	Attempt       int
}

// minuteOf is the minute, since 1970, of a time on the clock of tasks.
func minuteOf(at time.Duration) int64 { return (epoch.UnixNano() + int64(at)) / int64(time.Minute) }

// endOfMinute is when the minute of a time ends.
func endOfMinute(at time.Duration) time.Duration {
	return time.Duration((minuteOf(at)+1)*int64(time.Minute) - epoch.UnixNano())
}

// measure notes that an attempt of t has ended.
func (r *Runner) measure(b *Unit, t Task, failed bool) {
	s := r.meter.of(t)
	at, took := r.clock.end(b.began, b.exact)
	if took == 0 && !failed {
		s.shards[b.shard%meterShards].quick.Add(1)
		return
	}
	attempt := 1
	if t.spec != nil {
		attempt += t.spec.attempt
	}
	x := s.count(b.shard, at, took, failed)
	if !failed {
		x.past[x.next%meterEnded] = Past{Handler: b.handler, At: epoch.Add(at), Took: took, Attempt: attempt}
		x.next++
	}
	x.mu.Unlock()
}

// measureCall notes that an attempt of a call of an engine has ended.
func (r *Runner) measureCall(c engine.Call, began time.Duration, failed bool) {
	at := now()
	r.meter.named(c.Name).count(uint8(at), at, max(at-began, 1), failed).mu.Unlock()
}

// count counts an attempt that has ended, and returns the shard that it is counted in,
// locked. The number is any.
func (s *series) count(n uint8, at, took time.Duration, failed bool) *shard {
	x := &s.shards[n%meterShards]
	x.mu.Lock()
	if at >= x.until {
		x.takeQuickLocked()
		s.putLocked(x)
		x.until = endOfMinute(at)
	}
	x.ended++
	if failed {
		x.failed++
	}
	if took > 0 {
		x.took.add(took)
	} else {
		x.took.skipped++
	}
	return x
}

// takeQuickLocked counts the quick attempts among the others.
func (x *shard) takeQuickLocked() {
	quick := x.quick.Swap(0)
	x.ended += quick
	x.took.skipped += quick
}

// putLocked puts what a shard has into the rings. The lock of the shard is held.
func (s *series) putLocked(x *shard) {
	if x.ended == 0 {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	m := minuteOf(x.until - 1)
	s.last = max(s.last, m)
	count := &s.minutes[m%meterDay]
	if count.minute != m {
		*count = minuteCount{minute: m}
	}
	count.ended += x.ended
	count.failed += x.failed
	s.hour[m%meterHour].merge(m, &x.took)
	ten := m - m%meterTen
	s.day[ten/meterTen%int64(len(s.day))].merge(ten, &x.took)
	x.ended, x.failed, x.took = 0, 0, durations{}
}

func (d *minuteDurations) merge(minute int64, took *durations) {
	if d.minute != minute {
		*d = minuteDurations{minute: minute}
	}
	d.took.merge(took)
}

// flush puts what all shards have into the rings, at a time.
func (s *series) flush(at time.Duration) {
	for i := range s.shards {
		x := &s.shards[i]
		x.mu.Lock()
		if at >= x.until { // what came in a minute that is over
			s.putLocked(x)
			x.until = endOfMinute(at)
		}
		x.takeQuickLocked()
		s.putLocked(x)
		x.mu.Unlock()
	}
}

// of is the series of the attempts of t.
func (m *meter) of(t Task) *series {
	if t.spec != nil && t.spec.Name != "" {
		return m.named(t.spec.Name)
	}
	code := reflect.ValueOf(t.run).Pointer()
	if all := m.byCode.Load(); all != nil {
		if s := (*all)[code]; s != nil {
			return s
		}
	}
	s := m.named(t.name())
	if s.name == OtherNames {
		return s // the next one may find a place
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	put(&m.byCode, code, s)
	return s
}

// named is the series of a name.
func (m *meter) named(name string) *series {
	if all := m.byName.Load(); all != nil {
		if s := (*all)[name]; s != nil {
			return s
		}
	}
	return m.begin(name)
}

// begin returns a new series of a name, or the one of all others.
func (m *meter) begin(name string) *series {
	m.mu.Lock()
	defer m.mu.Unlock()
	var all map[string]*series
	if p := m.byName.Load(); p != nil {
		all = *p
	}
	if s := all[name]; s != nil {
		return s
	}
	if len(all) >= MeterNames && !m.forgetLocked() {
		if s := all[OtherNames]; s != nil {
			return s
		}
		name = OtherNames
	}
	s := &series{name: name}
	put(&m.byName, name, s)
	return s
}

// forgetLocked forgets a series of which there was nothing for a day.
func (m *meter) forgetLocked() bool {
	old := minuteOf(now()) - meterDay
	all := *m.byName.Load()
	for name, s := range all {
		s.flush(now())
		s.mu.Lock()
		over := s.last < old && name != OtherNames
		s.mu.Unlock()
		if over {
			rest := maps.Clone(all)
			delete(rest, name)
			m.byName.Store(&rest)
			m.byCode.Store(nil)
			return true
		}
	}
	return false
}

// put adds to a map that is read without a lock.
func put[K comparable](to *atomic.Pointer[map[K]*series], key K, s *series) {
	all := map[K]*series{key: s}
	if old := to.Load(); old != nil {
		maps.Copy(all, *old)
	}
	all[key] = s
	to.Store(&all)
}

// Measured counts an attempt as if it had ended at a time. It is for tests.
func (r *Runner) Measured(name string, at time.Time, took time.Duration, failed bool) {
	s := r.meter.named(name)
	x := &s.shards[0]
	x.mu.Lock()
	defer x.mu.Unlock()
	s.putLocked(x)
	x.until = endOfMinute(at.Sub(epoch))
	x.ended++
	if failed {
		x.failed++
	}
	x.took.add(took)
	s.putLocked(x)
}
