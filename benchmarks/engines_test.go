package main

import "testing"

func TestBenchmarkLine(t *testing.T) {
	for line, want := range map[string]struct {
		name         string
		byHand, ours float64
	}{
		"BenchmarkEnqueue/SQLite-2  300  1385724 ns/op  632.0 µs/by-hand  667.0 µs/engine  1.056 ratio": {"SQLite", 632, 667},
		"BenchmarkEnqueue/redis/10-2  300  63245 ns/engine  70757 ns/by-hand  0.8938 ratio":             {"redis/10", 70.757, 63.245},
	} {
		name, sides, ok := benchmarkLine(line)
		if !ok || name != want.name || sides[byHand] != want.byHand || sides[throughUs] != want.ours {
			t.Errorf("%s: %s %v %v", line, name, sides, ok)
		}
	}
	for _, line := range []string{"", "ok  \tpackage\t1s", "BenchmarkEnqueue/a-2 1 2 ns/op", "BenchmarkOther-2 1 2 ns/engine 3 ns/by-hand"} {
		if _, _, ok := benchmarkLine(line); ok {
			t.Errorf("%q was read", line)
		}
	}
}
