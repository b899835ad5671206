package dashboard

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"time"

	"github.com/bggen/bggen/runtime"
)

// A stream ends for who may not look any more.
func TestStreamsOfWhoMayNotLookAnyMore(t *testing.T) {
	before := recheck
	recheck = time.Millisecond
	defer func() { recheck = before }()
	var gone atomic.Bool
	runner := new(runtime.Runner)
	server := httptest.NewServer(New(runner, Authorize(func(*http.Request) error {
		if gone.Load() {
			return errors.New("logged out")
		}
		return nil
	})))
	defer server.Close()
	answer, err := http.Get(server.URL + "/events?page=")
	if err != nil || answer.StatusCode != http.StatusOK {
		t.Fatal(answer, err)
	}
	defer answer.Body.Close()
	gone.Store(true)
	if _, err := io.Copy(io.Discard, answer.Body); err != nil { // until it ends
		t.Error(err)
	}
}
