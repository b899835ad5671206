package scan

import (
	"testing"
	"time"
)

func TestValidPeriods(t *testing.T) {
	for d, want := range map[time.Duration]string{
		7 * time.Hour: "6h or 8h", 13 * time.Hour: "12h or 24h", 25 * time.Hour: "24h or 48h", 7 * time.Minute: "6m40s or 7m12s",
		7 * time.Second: "6s or 8s", 1500 * time.Millisecond: "1s or 2s",
	} {
		if got := validPeriods(d); got != want {
			t.Errorf("%v: %s, want %s", d, got, want)
		}
	}
}
