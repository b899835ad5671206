package ordering

import "testing"

// What the command counts over a million requests holds for a few.
func TestPromise(t *testing.T) {
	for _, way := range []Way{Hook, Flush} {
		got, err := Run(t.Context(), way, 2000, func(int64) {})
		if err != nil {
			t.Fatal(err)
		}
		if got.Requests != 2000 || got.Tasks != 2000*tasksEach || got.Early != 0 || got.Disorder != 0 {
			t.Errorf("%s: %+v", way, got)
		}
	}
}

// The check is one: bare goroutines are all counted.
func TestBareIsCounted(t *testing.T) {
	got, err := Run(t.Context(), Bare, 2000, func(int64) {})
	if err != nil {
		t.Fatal(err)
	}
	if got.Requests != 2000 || got.Tasks != 2000*tasksEach {
		t.Errorf("%+v", got)
	}
}
