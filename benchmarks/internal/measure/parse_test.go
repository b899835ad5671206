package measure

import (
	"os"
	"testing"
	"time"
)

func TestParseStat(t *testing.T) {
	got, err := parseStat("7 (a ) b) S 1 7 7 0 -1 4194304 100 0 0 0 250 50 0 0 20 0 1 0 100 1 1")
	if err != nil || got != 3*time.Second {
		t.Errorf("got %v, %v", got, err)
	}
	for _, bad := range []string{"", "7 (a) S 1", "7 (a) S 1 7 7 0 -1 4194304 100 0 0 0 x 50 0"} {
		if _, err := parseStat(bad); err == nil {
			t.Errorf("%q is read", bad)
		}
	}
}

func TestOfThisProcess(t *testing.T) {
	if rss, err := RSS(os.Getpid()); err != nil || rss < 1<<20 {
		t.Errorf("resident memory: %v, %v", rss, err)
	}
	if _, err := CPU(os.Getpid()); err != nil {
		t.Error(err)
	}
}

func TestParseWrk(t *testing.T) {
	got, err := parseWrk([]byte("Running 1s test\ncounted: 5000 500000 120 900 0 0\n"))
	want := Load{Requests: 5000, PerSec: 10_000, P50: 120 * time.Microsecond, P99: 900 * time.Microsecond}
	if err != nil || got != want {
		t.Errorf("got %+v, %v", got, err)
	}
	for _, bad := range []string{"", "counted: 1 2 3", "counted: a b c d e f", "counted: 10 10 1 1 3 0", "counted: 10 10 1 1 0 1", "counted: 0 10 1 1 0 0"} {
		if _, err := parseWrk([]byte(bad)); err == nil {
			t.Errorf("%q is read", bad)
		}
	}
}
