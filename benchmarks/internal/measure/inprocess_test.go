package measure

import (
	"testing"
	"time"
)

var sink []byte

// What a call takes is seen: its time, and what it allocates.
func TestCalls(t *testing.T) {
	cost, err := Calls(1000, func(n int) {
		for range n {
			sink = make([]byte, 1024)
			for end := time.Now().Add(10 * time.Microsecond); time.Now().Before(end); {
			}
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	if cost.Wall < 10_000 || cost.CPU < 1_000 || cost.Bytes < 1024 || cost.Bytes > 1200 || cost.Allocs < 1 || cost.Allocs > 1.5 {
		t.Errorf("%+v", cost)
	}
}
