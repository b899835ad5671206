package main

import (
	"strings"
	"testing"
)

func TestTable(t *testing.T) {
	var in strings.Builder
	for range 6 {
		in.WriteString("BenchmarkA/tasks=1/side=by-hand-2 100 1000 ns/op 200.0 cpu-ns/op 5 allocs/op\n")
		in.WriteString("BenchmarkA/tasks=1/side=bggen-2 100 1100 ns/op 300.0 cpu-ns/op 7 allocs/op\n")
		in.WriteString("BenchmarkB/side=wire-2 1 2000000000 ns/op 90.5 peak-MB\n")
	}
	list, err := readComparisons(strings.NewReader(in.String()), "test")
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	writeTable(&out, list)
	want := `| | time | ratio | processor time, ratio | allocations | peak memory |
|---|--:|--:|--:|--:|--:|
| **A/tasks=1** | | | | | |
| by-hand | 1.000µs | 1 | 1 | 5 |  |
| bggen | 1.100µs | 1.10 (1.10–1.10) | 1.50 (1.50–1.50) | 7 |  |
| **B** | | | | | |
| wire | 2.000s | 1 |  |  | 86.31MiB |
`
	if out.String() != want {
		t.Errorf("%s\nwant\n%s", &out, want)
	}
}

func TestChoose(t *testing.T) {
	if _, err := choose([]string{"adapter", "nosuch"}); err == nil || !strings.Contains(err.Error(), `"nosuch"`) {
		t.Error(err)
	}
	if all, err := choose(nil); err != nil || len(all) != len(parts) {
		t.Error(all, err)
	}
}
