package adapter

import (
	"iter"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/bggen/bggen/runtime"
)

// A sign of life is sent while no event comes.
func TestKeepAlive(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		events := make(chan string)
		h := New("test", new(runtime.Runner), nil, func(x *Exchange) error {
			x.Streaming()
			return Events(x, 200, iter.Seq[string](func(yield func(string) bool) {
				for e := range events {
					yield(e)
				}
			}))
		})
		w := httptest.NewRecorder()
		done := make(chan bool)
		go func() {
			h.ServeHTTP(w, httptest.NewRequest("GET", "/", nil))
			close(done)
		}()
		time.Sleep(31 * time.Second)
		events <- "x"
		close(events)
		<-done
		if got := w.Body.String(); got != ":\n\n:\n\ndata: x\n\n" {
			t.Errorf("%q", got)
		}
	})
}

// Fields that would end before their end are errors.
func TestEventFields(t *testing.T) {
	for _, e := range []runtime.Event[string]{{ID: "a\nb"}, {Name: "a\rb"}, {Comment: "a\x00"}} {
		h := New("test", &runtime.Runner{Logger: textLogger(new(strings.Builder))}, nil, func(x *Exchange) error {
			x.Streaming()
			return Events(x, 200, iter.Seq[runtime.Event[string]](func(yield func(runtime.Event[string]) bool) { yield(e) }))
		})
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%+v was written", e)
				}
			}()
			h.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", "/", nil))
		}()
	}
}
