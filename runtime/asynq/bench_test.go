package asynq_test

import (
	"context"
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/bggen/bggen/runtime/asynq"
	"github.com/bggen/bggen/runtime/engine"
	hibiken "github.com/hibiken/asynq"
)

// BenchmarkEnqueue stores the calls of a request, and beside it the same with
// asynq's own client by hand, turn by turn, and prints how the times compare:
// that of the engine, as a part of that by hand. The medians are compared, since
// a busy machine makes outliers.
func BenchmarkEnqueue(b *testing.B) {
	for _, n := range []int{1, 3, 10} {
		b.Run(strconv.Itoa(n), func(b *testing.B) { benchmarkEnqueue(b, n) })
	}
}

func benchmarkEnqueue(b *testing.B, n int) {
	e, _ := newEngine(b, asynq.Config{})
	client := hibiken.NewClientFromRedisClient(connection(b, database()))
	engine := func() {
		calls := make([]engine.Call, n)
		for i := range calls {
			calls[i] = call(0)
			calls[i].ID = newID()
		}
		if err := e.Enqueue(b.Context(), calls); err != nil {
			b.Fatal(err)
		}
	}
	byHand := func() {
		for range n {
			task := hibiken.NewTaskWithHeaders("test.task", json.RawMessage(`{"n":0}`), map[string]string{"tries": "1"})
			_, err := client.EnqueueContext(b.Context(), task, hibiken.TaskID(newID()),
				hibiken.MaxRetry(25), hibiken.Timeout(time.Hour), hibiken.Retention(5*time.Minute))
			if err != nil {
				b.Fatal(err)
			}
		}
	}
	var ours, theirs []time.Duration
	for b.Loop() {
		start := time.Now()
		engine()
		middle := time.Now()
		byHand()
		ours, theirs = append(ours, middle.Sub(start)), append(theirs, time.Since(middle))
	}
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(float64(median(ours))/1000, "µs/engine")
	b.ReportMetric(float64(median(theirs))/1000, "µs/by-hand")
	b.ReportMetric(float64(median(ours))/float64(median(theirs)), "ratio")
}

// newID is a new id as the runtime makes it.
func newID() string {
	ids++
	text := strconv.Itoa(ids)
	return strings.Repeat("A", 26-len(text)) + text
}

var ids int

func median(d []time.Duration) time.Duration {
	slices.Sort(d)
	return d[len(d)/2]
}

// BenchmarkStart measures from Enqueue to the start of the task, in an idle
// process.
func BenchmarkStart(b *testing.B) {
	e, _ := newEngine(b, asynq.Config{})
	w := work(b, e, nil)
	var waits []time.Duration
	for b.Loop() {
		c := call(0)
		c.ID = newID()
		start := time.Now()
		if err := e.Enqueue(b.Context(), []engine.Call{c}); err != nil {
			b.Fatal(err)
		}
		w.next(b)
		waits = append(waits, time.Since(start))
	}
	b.ReportMetric(float64(median(waits))/1e6, "ms/p50")
	b.ReportMetric(float64(waits[len(waits)*99/100])/1e6, "ms/p99")
}

// BenchmarkWork runs tasks that do nothing.
func BenchmarkWork(b *testing.B) {
	e, _ := newEngine(b, asynq.Config{})
	calls := make([]engine.Call, 1000)
	for b.Loop() {
		for i := range calls {
			calls[i] = call(0)
			calls[i].ID = newID()
		}
		if err := e.Enqueue(b.Context(), calls); err != nil {
			b.Fatal(err)
		}
		done := make(chan bool, len(calls))
		ctx, stop := context.WithCancel(b.Context())
		ended := make(chan error)
		go func() {
			ended <- e.Work(ctx, b.Context(), []string{"test.task"}, func(context.Context, engine.Call) error {
				done <- true
				return nil
			})
		}()
		for range calls {
			<-done
		}
		stop()
		if err := <-ended; err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.N*len(calls))/b.Elapsed().Seconds(), "tasks/s")
}

// BenchmarkIdle prints how busy an idle process is, and Redis with it, in parts
// of a core.
func BenchmarkIdle(b *testing.B) {
	for _, queues := range []int{1, 2, 4} {
		b.Run(strconv.Itoa(queues), func(b *testing.B) { benchmarkIdle(b, queues) })
	}
}

func benchmarkIdle(b *testing.B, queues int) {
	names := map[string]int{}
	for n := range queues - 1 {
		names[strconv.Itoa(n)] = 1
	}
	e, _ := newEngine(b, asynq.Config{Queues: names})
	work(b, e, nil)
	client := connection(b, database())
	redisCPU := func() (seconds float64) {
		text := client.Info(b.Context(), "cpu").Val()
		for line := range strings.Lines(text) {
			name, value, _ := strings.Cut(strings.TrimSpace(line), ":")
			if name == "used_cpu_user" || name == "used_cpu_sys" {
				n, _ := strconv.ParseFloat(value, 64)
				seconds += n
			}
		}
		return seconds
	}
	for b.Loop() {
		began, ours, theirs := time.Now(), processCPU(b), redisCPU()
		time.Sleep(10 * time.Second)
		took := time.Since(began).Seconds()
		b.ReportMetric(100*(processCPU(b)-ours)/took, "%process")
		b.ReportMetric(100*(redisCPU()-theirs)/took, "%redis")
	}
}

// processCPU is the seconds that this process has computed.
func processCPU(b *testing.B) float64 {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		b.Fatal(err)
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano()).Seconds()
}
