package main

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/bggen/bggen/benchmarks/internal/report"
	"golang.org/x/tools/benchmark/parse"
)

func TestOptions(t *testing.T) {
	o, err := parseOptions([]string{"-rounds", "3", "-duration", "2s", "order", "serve"})
	if err != nil || o.rounds != 3 || o.duration != 2*time.Second || len(o.parts) != 2 || o.parts[0].name != "order" {
		t.Errorf("%+v, %v", o, err)
	}
	if o, err := parseOptions(nil); err != nil || len(o.parts) != len(parts()) || o.rounds < 5 {
		t.Errorf("without arguments: %+v, %v", o, err)
	}
	for _, bad := range [][]string{{"nosuch"}, {"-rounds", "0"}, {"-duration", "10ms"}, {"-sizes", "XL"}} {
		if _, err := parseOptions(bad); err == nil {
			t.Errorf("%q is taken", bad)
		}
	}
}

// Every part says how long it takes, and more rounds take longer.
func TestEstimates(t *testing.T) {
	few, _ := parseOptions([]string{"-rounds", "1"})
	many, _ := parseOptions([]string{"-rounds", "9"})
	for _, p := range parts() {
		if p.takes(few) <= 0 || p.name != "order" && p.takes(many) <= p.takes(few) {
			t.Errorf("%s: %v and %v", p.name, p.takes(few), p.takes(many))
		}
	}
}

// Every contender is the first of a round in its turn, and none is lost.
func TestRotated(t *testing.T) {
	list := []string{"a", "b", "c"}
	for n, want := range []string{"abc", "bca", "cab", "abc"} {
		if got := strings.Join(rotated(list, n), ""); got != want {
			t.Errorf("%d: %s, want %s", n, got, want)
		}
	}
	if !slices.Equal(list, []string{"a", "b", "c"}) {
		t.Error("the list has changed")
	}
}

// The benchmark of the package runtime is found by name, with or without a
// number of processors.
func TestFind(t *testing.T) {
	set, err := parse.ParseSet(strings.NewReader("BenchmarkDispatch/go-2 100 300 ns/op 16 B/op 1 allocs/op\n" +
		"BenchmarkDispatch/runner-parallel-2 100 200 ns/op 160 B/op 2 allocs/op\nBenchmarkDispatch/runner 100 250 ns/op 160 B/op 2 allocs/op\n"))
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]float64{"go": 300, "runner-parallel": 200, "runner": 250} {
		if b := find(set, name); b == nil || b.NsPerOp != want {
			t.Errorf("%s: %v", name, b)
		}
	}
	if b := find(set, "go-parallel"); b != nil {
		t.Errorf("found %v", b)
	}
}

// The dispatchers run what they are given, and end.
func TestDispatchers(t *testing.T) {
	for _, d := range dispatchers() {
		newDispatch, wait := d.open()
		for range 2 {
			dispatch := newDispatch()
			for range 100 {
				dispatch()
			}
		}
		wait()
	}
}

// The part order, which needs nothing but this process, from the command line
// to the table.
func TestRunParts(t *testing.T) {
	dir := t.TempDir()
	if err := run([]string{"-requests", "320", "-out", dir, "order"}); err != nil {
		t.Fatal(err)
	}
	r, err := report.Read(dir)
	if err != nil || len(r.Parts) != 1 {
		t.Fatalf("%+v, %v", r, err)
	}
	if text := r.Markdown(); !strings.Contains(text, "the promise was kept") || !strings.Contains(text, "| bggen, hook | 160 | 320 | 0 | 0 |") {
		t.Error(text)
	}
	if err := run([]string{"-draw", "-out", dir}); err != nil {
		t.Error(err)
	}
}
