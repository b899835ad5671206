package enginetest

import (
	"context"
	"encoding/json"
	"maps"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/bggen/bggen/runtime"
	"github.com/bggen/bggen/runtime/engine"
)

func testRuns(t *testing.T, o *Options) {
	p := newProcess(t, o)
	task := newProbe[string](p, "enginetest.runs", nil)
	p.work()
	p.do(func(b *runtime.BackgroundTasks) { task.add(b, "hello") })
	if r := task.next(); r.args != "hello" || r.attempt != 1 {
		t.Errorf("attempt %d with %q", r.attempt, r.args)
	}
	p.settle()
	task.none()
}

func testSeveral(t *testing.T, o *Options) {
	p := newProcess(t, o)
	one := newProbe[int](p, "enginetest.one", nil)
	other := newProbe[string](p, "enginetest.other", nil)
	p.work()
	p.do(func(b *runtime.BackgroundTasks) {
		for i := range 20 {
			one.add(b, i)
			other.add(b, strings.Repeat("x", i))
		}
	})
	seen, lengths := map[int]bool{}, map[int]bool{}
	for range 20 {
		seen[one.next().args] = true
		lengths[len(other.next().args)] = true
	}
	if len(seen) != 20 || len(lengths) != 20 {
		t.Errorf("%d and %d of 20 ran", len(seen), len(lengths))
	}
}

// arguments has what encodings get wrong.
type arguments struct {
	Text    string            `json:"text"`
	Large   uint64            `json:"large"`
	Small   int64             `json:"small"`
	Float   float64           `json:"float"`
	Bytes   []byte            `json:"bytes"`
	Nil     []string          `json:"nil"`
	Empty   []string          `json:"empty"`
	Time    time.Time         `json:"time"`
	Wait    time.Duration     `json:"wait"`
	Map     map[string]*inner `json:"map"`
	Inner   inner             `json:"inner"`
	Long    string            `json:"long"`
	Raw     json.RawMessage   `json:"raw"`
	Pointer *int64            `json:"pointer"`
}

type inner struct {
	Name string  `json:"name"`
	List []inner `json:"list"`
	N    int64   `json:"n"`
}

func testArguments(t *testing.T, o *Options) {
	p := newProcess(t, o)
	task := newProbe[arguments](p, "enginetest.arguments", nil)
	p.work()
	n := int64(1)<<53 + 1
	want := arguments{
		Text:  "Größe 你好 🧑‍🚀 \u202eשלום \"'\\ </script>&\u2028\x00\x1f\n",
		Large: math.MaxUint64, Small: math.MinInt64, Float: 0.1 + 0.2,
		Bytes: []byte{0, 255, 254, '{'}, Empty: []string{},
		Time: time.Date(2026, 2, 28, 23, 59, 59, 123456789, time.FixedZone("", -(3*3600+1800))),
		Wait: math.MaxInt64, Pointer: &n, Raw: json.RawMessage(`9007199254740993`),
		Map:   map[string]*inner{"": nil, "ключ": {N: n}},
		Inner: inner{"a", []inner{{"b", []inner{{Name: "c"}}, -n}}, n},
		Long:  strings.Repeat("0123456789abcdef", 1<<16), // 1 MB
	}
	p.do(func(b *runtime.BackgroundTasks) { task.add(b, want) })
	got := task.next().args
	if got.Nil != nil || got.Empty == nil {
		t.Errorf("nil and empty became %#v and %#v", got.Nil, got.Empty)
	}
	if !got.Time.Equal(want.Time) {
		t.Errorf("the time became %v", got.Time)
	}
	if gotText, wantText := mustJSON(t, got), mustJSON(t, want); gotText != wantText {
		got.Long, want.Long = "", ""
		t.Errorf("got  %s\nwant %s", mustJSON(t, got), mustJSON(t, want))
	}
}

func mustJSON(t testing.TB, v any) string {
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// testCalls has the engine itself run what it has stored, and looks at calls as
// they come back.
func testCalls(t *testing.T, o *Options) {
	p := newProcess(t, o)
	calls := []engine.Call{
		{ID: "AAAAAAAAAAAAAAAAAAAAAAAAA2", Name: "example.com/a b.Task", Args: json.RawMessage(`{}`), Attempts: 1},
		{
			ID: "AAAAAAAAAAAAAAAAAAAAAAAAA3", Name: "enginetest.Größe", Args: json.RawMessage(`{"n":9007199254740993}`),
			Timeout: 90 * time.Second, Attempts: 7, Backoff: 1500 * time.Millisecond,
			Meta: map[string]string{"traceparent": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", "ü": ""},
		},
	}
	if err := p.engine.Enqueue(within(t), calls); err != nil {
		t.Fatal(err)
	}
	got := make(chan engine.Call, 100)
	p.workWith([]string{calls[0].Name, calls[1].Name}, func(ctx context.Context, c engine.Call) error {
		got <- c
		return nil
	})
	for range calls {
		var c engine.Call
		select {
		case c = <-got:
		case <-time.After(patience):
			t.Fatalf("the calls do not run within %v", patience)
		}
		want := calls[0]
		if c.ID == calls[1].ID {
			want = calls[1]
		}
		if want.Timeout == 0 { // an engine may end a task that has no limit of its own
			want.Timeout = c.Timeout
		}
		if c.ID != want.ID || c.Name != want.Name || c.Timeout != want.Timeout || c.Attempts != want.Attempts ||
			c.Backoff != want.Backoff || !maps.Equal(c.Meta, want.Meta) {
			t.Errorf("got  %+v\nwant %+v", c, want)
		}
		var args, wantArgs struct{ N int64 }
		if json.Unmarshal(c.Args, &args) != nil || json.Unmarshal(want.Args, &wantArgs) != nil || args != wantArgs {
			t.Errorf("the arguments became %s", c.Args)
		}
	}
}

// testTrace carries what a propagator injects.
func testTrace(t *testing.T, o *Options) {
	p := newProcess(t, o)
	p.runner.Propagator = carrier{}
	got := make(chan any, 10)
	task := newProbe(p, "enginetest.trace", func(ctx context.Context, _ int) error {
		got <- ctx.Value(carrier{})
		return nil
	})
	p.work()
	ctx := context.WithValue(within(t), carrier{}, "4bf92f3577b34da6")
	err := p.runner.Do(ctx, func(b *runtime.BackgroundTasks) error {
		task.add(b, 1)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	task.next()
	if v := <-got; v != "4bf92f3577b34da6" {
		t.Errorf("the trace became %v", v)
	}
}

// carrier carries the value that a context has for it.
type carrier struct{}

func (carrier) Inject(ctx context.Context) map[string]string {
	v, _ := ctx.Value(carrier{}).(string)
	return map[string]string{"trace": v}
}

func (carrier) Extract(ctx context.Context, meta map[string]string) context.Context {
	return context.WithValue(ctx, carrier{}, meta["trace"])
}

// testQueue has the engine work on another queue, and say that it does.
func testQueue(t *testing.T, o *Options) {
	if o.Queue == "" {
		t.Skip("no other queue is worked on")
	}
	p := newProcess(t, o)
	task := newProbe[int](p, "enginetest.queue", nil)
	p.do(func(b *runtime.BackgroundTasks) {
		task.add(b, 1, runtime.Queue(o.Queue))
	})
	got := make(chan string, 10)
	p.workWith([]string{"enginetest.queue"}, func(_ context.Context, c engine.Call) error {
		got <- c.Queue
		return nil
	})
	select {
	case queue := <-got:
		if queue != o.Queue {
			t.Errorf("it ran in the queue %q", queue)
		}
	case <-time.After(patience):
		t.Fatalf("the task does not run within %v", patience)
	}
}

func testUnique(t *testing.T, o *Options) {
	p := newProcess(t, o)
	task := newProbe[int](p, "enginetest.unique", nil)
	add := func(n int, opts ...runtime.TaskOption) {
		t.Helper()
		p.do(func(b *runtime.BackgroundTasks) { task.add(b, n, opts...) })
	}
	add(1, runtime.Unique("key"))
	add(2, runtime.Unique("key")) // dropped: and this is no failure
	add(3, runtime.Unique("other key"))
	add(4)
	p.work()
	ran := map[int]bool{}
	for range 3 {
		ran[task.next().args] = true
	}
	if !ran[1] || !ran[3] || !ran[4] {
		t.Errorf("%v ran", ran)
	}
	p.settle()
	task.none()
	// An engine may take a moment to see that the first one is over.
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); {
		add(5, runtime.Unique("key"))
		select {
		case r := <-task.runs:
			if r.args != 5 {
				t.Errorf("%d ran", r.args)
			}
			return
		case <-time.After(500 * time.Millisecond):
		}
	}
	t.Errorf("when the first has run, no other is stored")
}

func testDelay(t *testing.T, o *Options) {
	p := newProcess(t, o)
	task := newProbe[int](p, "enginetest.delay", nil)
	p.work()
	const delay = time.Second
	began := time.Now()
	p.do(func(b *runtime.BackgroundTasks) { task.add(b, 1, runtime.Delay(delay)) })
	p.settle()
	took := task.next().at.Sub(began)
	if took < delay || took > delay+o.Latency {
		t.Errorf("it began after %v", took)
	}
}
