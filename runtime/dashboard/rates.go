package dashboard

import (
	"math"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/bggen/bggen/runtime/internal/core"
)

const (
	window   = 120 // seconds that a chart shows
	lately   = 60  // seconds that the numbers are of
	mostName = 40  // names that are told apart: some programs make names of numbers
)

// others is the name of all tasks whose name came when there were too many.
const others = "(others)"

// A rate is how often tasks of one name have ended lately, and how long their
// attempts took. Percentiles are right within a tenth.
type rate struct {
	Name   string   `json:"name"`
	Per    float64  `json:"per_second"`
	Failed float64  `json:"failed_per_second"`
	P50    *float64 `json:"p50_seconds"` // nil: it is not known of any
	P95    *float64 `json:"p95_seconds"`
}

// rates counts attempts that end, by second and name, while somebody looks.
type rates struct {
	mu     sync.Mutex
	all    *series
	byName map[string]*series
	looked [window]int64 // the seconds in which somebody looked
	last   int64         // of these
	since  time.Time     // when somebody began to look; zero: nobody does
}

func newRates() *rates { return &rates{all: new(series), byName: map[string]*series{}} }

// A series is the last seconds of one name, each at its number modulo window.
type series struct {
	seconds [window]second
}

type second struct {
	at            int64 // Unix; another one: what is here is old
	ended, failed uint32
	took          histogram
}

// ended counts an attempt.
func (r *rates) ended(now time.Time, e core.Ended) {
	r.mu.Lock()
	defer r.mu.Unlock()
	at := now.Unix()
	r.all.at(at).count(e)
	s := r.byName[e.Name]
	if s == nil {
		name := e.Name
		if len(r.byName) >= mostName {
			name = others
		}
		if s = r.byName[name]; s == nil {
			s = new(series)
			r.byName[name] = s
		}
	}
	s.at(at).count(e)
}

// at is a second, fresh if what was there is old.
func (s *series) at(at int64) *second {
	x := &s.seconds[at%window]
	if x.at != at {
		*x = second{at: at}
	}
	return x
}

func (s *second) count(e core.Ended) {
	s.ended++
	if e.Err != nil {
		s.failed++
	}
	if e.Took > 0 { // or it began when nobody looked
		s.took.add(e.Took)
	}
}

// begin notes that somebody begins to look: the second that has begun without
// him is left out.
func (r *rates) begin(now time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.last, r.since = now.Unix(), now
}

// end notes that nobody looks any more.
func (r *rates) end() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.since = time.Time{}
}

// mark notes that somebody has looked until now, and forgets names of which
// there was nothing for long.
func (r *rates) mark(now time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()
	at := now.Unix()
	for t := max(r.last, at-window) + 1; t <= at; t++ { // a tick may come late
		r.looked[t%window] = t
	}
	r.last = at
	for name, s := range r.byName {
		if !slices.ContainsFunc(s.seconds[:], func(x second) bool { return x.at > at-window }) {
			delete(r.byName, name)
		}
	}
}

// names is those that are counted, in their order.
func (r *rates) names() (names []string) {
	for name := range r.byName {
		names = append(names, name)
	}
	slices.SortFunc(names, strings.Compare)
	return names
}

// now is the rates of each name over the last seconds in which somebody looked.
func (r *rates) now(now time.Time) []rate {
	r.mu.Lock()
	defer r.mu.Unlock()
	list := make([]rate, 0, len(r.byName))
	for _, name := range r.names() {
		list = append(list, r.rate(name, r.byName[name], now.Unix()))
	}
	return list
}

// rate is that of s over the seconds before at, which has not ended. r.mu is
// held.
func (r *rates) rate(name string, s *series, at int64) rate {
	var sum second
	seconds := 0
	for t := at - lately; t < at; t++ {
		if r.looked[t%window] != t {
			continue
		}
		seconds++
		if x := &s.seconds[t%window]; x.at == t {
			sum.ended += x.ended
			sum.failed += x.failed
			sum.took.merge(&x.took)
		}
	}
	per := float64(max(seconds, 1))
	return rate{
		Name: name, Per: float64(sum.ended) / per, Failed: float64(sum.failed) / per,
		P50: sum.took.percentile(0.5), P95: sum.took.percentile(0.95),
	}
}

// A histogram counts durations from a microsecond to an hour, in steps of a
// quarter of an octave.
type histogram [128]uint32

func (h *histogram) add(d time.Duration) {
	i := int(4 * math.Log2(float64(d)/float64(time.Microsecond)))
	h[min(max(i, 0), len(h)-1)]++
}

func (h *histogram) merge(o *histogram) {
	for i, n := range o {
		h[i] += n
	}
}

// percentile is the duration in seconds that a part p of all does not exceed,
// nil if there is none.
func (h *histogram) percentile(p float64) *float64 {
	total := uint32(0)
	for _, n := range h {
		total += n
	}
	rank := uint32(math.Ceil(p * float64(total)))
	for i, n := range h {
		if n > 0 && n >= rank {
			v := 1e-6 * math.Exp2((float64(i)+0.5)/4)
			return &v
		}
		rank -= min(n, rank)
	}
	return nil
}
