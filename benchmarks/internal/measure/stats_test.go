package measure

import (
	"math"
	"testing"
)

func TestMedian(t *testing.T) {
	for _, c := range []struct {
		values []float64
		want   float64
	}{
		{[]float64{3}, 3},
		{[]float64{9, 1, 5}, 5},
		{[]float64{4, 1, 3, 2}, 2.5},
	} {
		if got := Median(c.values); got != c.want {
			t.Errorf("Median(%v) = %v, want %v", c.values, got, c.want)
		}
	}
	if got := Median(nil); !math.IsNaN(got) {
		t.Errorf("Median of nothing is %v", got)
	}
	values := []float64{2, 1}
	if Median(values); values[0] != 2 {
		t.Error("Median has sorted its argument")
	}
}

func TestNoise(t *testing.T) {
	for _, c := range []struct {
		values []float64
		spread float64
		noisy  bool
	}{
		{nil, 0, false},
		{[]float64{7}, 0, false},
		{[]float64{0, 0}, 0, false},
		{[]float64{100, 104, 98}, 0.06, false},
		{[]float64{100, 104, 80}, 0.24, true},
	} {
		if got := Spread(c.values); math.Abs(got-c.spread) > 1e-9 {
			t.Errorf("Spread(%v) = %v, want %v", c.values, got, c.spread)
		}
		if got := Noisy(c.values); got != c.noisy {
			t.Errorf("Noisy(%v) = %v", c.values, got)
		}
	}
}

// A machine that is half as fast for one round changes no ratio.
func TestRatioIsOfNeighbours(t *testing.T) {
	got := RatioOf([]float64{50, 25, 55}, []float64{100, 50, 100})
	if want := (Ratio{0.5, 0.5, 0.55}); got != want {
		t.Errorf("got %v, want %v", got, want)
	}
	got = RatioOf([]float64{50, 60}, []float64{100})
	if want := (Ratio{0.5, 0.5, 0.5}); got != want {
		t.Errorf("with a round missing: got %v, want %v", got, want)
	}
	if got := RatioOf([]float64{1}, []float64{0}); !math.IsNaN(got.Median) {
		t.Errorf("of nothing: %v", got)
	}
}
