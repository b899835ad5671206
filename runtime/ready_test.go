package runtime_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"testing"
	"testing/synctest"
	"time"

	"github.com/bggen/bggen/runtime"
	"github.com/bggen/bggen/runtime/adapter"
)

// A request takes a slot when its guards have let it in and its values fit: those
// who have no right to anything keep nobody else out.
func TestSlotAfterGuardsAndBinding(t *testing.T) {
	runner := &runtime.Runner{Queue: 1, Wait: -1}
	h := adapter.NewWithTasks("test.ready", runner, nil, func(x *adapter.Exchange) error {
		if x.Request().Header.Get("Authorization") == "" {
			return &runtime.Problem{Status: http.StatusUnauthorized}
		}
		adapter.Required[int](x.Query("n"))
		if err := x.Ready(); err != nil {
			return err
		}
		return adapter.NoContent(x, http.StatusNoContent)
	})
	status := func(target, authorization string) int {
		r := httptest.NewRequest("GET", target, nil)
		r.Header.Set("Authorization", authorization)
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		return w.Code
	}
	err := runner.Do(t.Context(), func(*runtime.BackgroundTasks) error { // it has the only slot
		for _, c := range []struct {
			target, authorization string
			want                  int
		}{{"/?n=1", "", 401}, {"/?n=x", "me", 422}, {"/?n=1", "me", 503}} {
			if got := status(c.target, c.authorization); got != c.want {
				t.Errorf("%v: %d", c, got)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if got := status("/?n=1", "me"); got != 204 {
		t.Errorf("with a free slot: %d", got)
	}
}

// Tasks that wait for another attempt keep no request out, up to a number of them.
func TestDelayedTasksTakeNoSlots(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		runner := &runtime.Runner{Queue: 1, Delayed: 20, Wait: -1, Logger: quiet}
		add := func() error {
			return runner.Do(t.Context(), func(bg *runtime.BackgroundTasks) error {
				bg.Add(func(context.Context) error { return errOnPurpose }, runtime.Attempts(2), runtime.Backoff(time.Hour))
				return nil
			})
		}
		for range 21 {
			if err := add(); err != nil {
				t.Fatal(err)
			}
			synctest.Wait() // until it waits
		}
		if s := runner.Stats(); s.Delayed != 21 || s.Slots != 0 {
			t.Errorf("%+v", s)
		}
		if err := add(); err == nil {
			t.Error("there is room beyond Runner.Delayed")
		}
		idle(t, runner)
		if s := runner.Stats(); s.Delayed != 0 || s.Slots != 0 || s.Failed != 21 {
			t.Errorf("%+v", s)
		}
	})
}
