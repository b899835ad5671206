package engine_test

import (
	"testing"
	"time"

	"github.com/bggen/bggen/runtime/engine"
)

func TestBackoff(t *testing.T) {
	for failed, most := range map[int]time.Duration{1: time.Second, 2: 2 * time.Second, 5: 16 * time.Second, 40: 10 * time.Minute} {
		seen := time.Duration(0)
		for range 2000 {
			wait := engine.Backoff(engine.Call{}, failed, nil)
			if wait < 0 || wait > most {
				t.Fatalf("after %d failures it waits %v", failed, wait)
			}
			seen = max(seen, wait)
		}
		if seen < most/2 {
			t.Errorf("after %d failures it waits %v at most", failed, seen)
		}
	}
	if wait := engine.Backoff(engine.Call{Backoff: time.Hour}, 1, nil); wait > 10*time.Minute {
		t.Errorf("it waits %v", wait)
	}
}
