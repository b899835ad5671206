package runtime_test

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/bggen/bggen/runtime"
)

// outOfStock is a problem with a member of its own.
type outOfStock struct {
	runtime.Problem
	Left int `json:"left"`
}

type viaPointer struct {
	*runtime.Problem
	Left int `json:"left"`
}

func TestProblemExtensionMembers(t *testing.T) {
	problem := runtime.Problem{Status: http.StatusConflict, Detail: "there is not enough of it"}
	const want = `{"title":"Conflict","status":409,"detail":"there is not enough of it","left":3}`
	shared := &outOfStock{problem, 3}
	for _, err := range []error{shared, fmt.Errorf("ordering: %w", shared), &viaPointer{&problem, 3}, viaPointer{&problem, 3}} {
		w := httptest.NewRecorder()
		runtime.ProblemOf(err).Respond(w)
		if w.Code != http.StatusConflict || w.Body.String() != want {
			t.Errorf("%T: %d %s", err, w.Code, w.Body)
		}
	}
	if shared.Title != "" || problem.Title != "" {
		t.Error("the error itself was changed")
	}
	for _, err := range []error{(*outOfStock)(nil), &viaPointer{}, (*runtime.Problem)(nil), errors.New("x")} {
		if p := runtime.ProblemOf(err); p.Status != http.StatusInternalServerError {
			t.Errorf("%T: %d", err, p.Status)
		}
	}
}
