package images

import (
	"context"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/bggen/bggen/runtime/bgtest"
	"github.com/bggen/bggen/runtime/celery"
	"github.com/bggen/bggen/runtime/engine"
)

// The arguments are what the worker gets, by the names that it knows. No broker is
// needed.
func TestAddPicture(t *testing.T) {
	recorder := bgtest.NewRecorder(t)
	recorder.Runner().Engines = map[string]engine.Engine{"celery": noBroker{}}
	mux := http.NewServeMux()
	Register(mux, recorder.Runner(), &App{Fleet: new(celery.Engine)})
	r := httptest.NewRequest("POST", "/pictures/gopher", strings.NewReader(`[100, 400]`))
	r.Header.Set("Content-Type", "application/json")
	w := httptest.NewRecorder()
	mux.ServeHTTP(w, r)
	if w.Code != 202 || w.Body.Len() != len(`"01234567890123456789012345"`) {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	recorder.Want("images.resize")
	var args struct {
		Key   string `json:"image_key"`
		Sizes []int
	}
	if err := recorder.Tasks()[0].Decode(&args); err != nil || args.Key != "gopher" || !slices.Equal(args.Sizes, []int{100, 400}) {
		t.Errorf("%+v, %v", args, err)
	}
}

// noBroker is where nothing arrives: the recorder takes all tasks before.
type noBroker struct{}

func (noBroker) Enqueue(context.Context, []engine.Call) error { return nil }
