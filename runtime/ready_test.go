package runtime_test

import (
	"net/http"
	"net/http/httptest"
	"testing"

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
