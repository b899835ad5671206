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

// BenchmarkPage is how many times as long tasks take with a page that nobody looks at, and
// while somebody does. Those with and those without take turns, so that the machine's
// moods cancel out.
func BenchmarkPage(b *testing.B) {
	for _, looked := range []bool{false, true} {
		name := "nobody looks"
		if looked {
			name = "somebody looks"
		}
		b.Run(name, func(b *testing.B) { comparePage(b, looked) })
	}
}

func comparePage(b *testing.B, looked bool) {
	ctx := context.Background()
	without, with := &runtime.Runner{Queue: 1 << 30}, &runtime.Runner{Queue: 1 << 30}
	page := dashboard.New(with, dashboard.Actions())
	if looked {
		defer look(b, page)()
	}
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
	stream := dashtest.At(b, nil, server.URL+"/").Watch("")
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
