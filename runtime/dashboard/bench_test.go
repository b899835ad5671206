package dashboard_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"
	"time"

	"github.com/bggen/bggen/runtime"
	"github.com/bggen/bggen/runtime/dashboard"
	"github.com/bggen/bggen/runtime/dashboard/internal/dashtest"
)

// BenchmarkTask is what a task that does nothing costs from Runner.Do to its
// end: without a page, with one that nobody looks at, and while somebody does.
func BenchmarkTask(b *testing.B) {
	for _, c := range []struct {
		name         string
		page, looked bool
	}{
		{"without", false, false},
		{"nobody looks", true, false},
		{"somebody looks", true, true},
	} {
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			runner := &runtime.Runner{Queue: 1 << 30}
			if c.page {
				page := dashboard.New(runner, dashboard.Actions())
				if c.looked {
					defer look(b, page)()
				}
			}
			ctx := context.Background()
			for b.Loop() {
				if err := runner.Do(ctx, addMail); err != nil {
					b.Fatal(err)
				}
			}
			if err := runner.Idle(ctx); err != nil {
				b.Fatal(err)
			}
		})
	}
}

// BenchmarkNobodyLooks is how many times as long tasks take with a page that
// nobody looks at: the two take turns, so that the machine's moods cancel out.
func BenchmarkNobodyLooks(b *testing.B) {
	ctx := context.Background()
	without, with := &runtime.Runner{Queue: 1 << 30}, &runtime.Runner{Queue: 1 << 30}
	dashboard.New(with, dashboard.Actions())
	round := func(runner *runtime.Runner) time.Duration {
		start := time.Now()
		for range 5000 {
			if err := runner.Do(ctx, addMail); err != nil {
				b.Fatal(err)
			}
		}
		if err := runner.Idle(ctx); err != nil {
			b.Fatal(err)
		}
		return time.Since(start)
	}
	var ratios []float64
	for b.Loop() {
		a, b := round(without), round(with)
		b, a = b+round(with), a+round(without) // and in the other order
		ratios = append(ratios, float64(b)/float64(a))
	}
	slices.Sort(ratios)
	b.ReportMetric(ratios[len(ratios)/2], "times-as-long")
}

// look opens a stream, and returns what closes it.
func look(b *testing.B, page http.Handler) (end func()) {
	server := httptest.NewServer(page)
	stream := dashtest.At(b, nil, server.URL+"/").Watch()
	stream.Next()
	go stream.Drain()
	return func() {
		stream.End()
		server.CloseClientConnections()
		server.Close()
	}
}

var named = runtime.Named("mail")

func addMail(bg *runtime.BackgroundTasks) error {
	bg.Add(func(context.Context) error { return nil }, named)
	return nil
}
