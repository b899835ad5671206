package ratelimit

import (
	"net/http"
	"net/http/httptest"
	"testing"
	"testing/synctest"
	"time"

	"github.com/bggen/bggen/runtime"
)

func TestLimiter(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var runner runtime.Runner
		mux := http.NewServeMux()
		Register(mux, &runner, &App{Limiter: &Limiter{PerMinute: 2}})
		get := func(client string, want int) {
			t.Helper()
			r := httptest.NewRequest("GET", "/hello", nil)
			r.RemoteAddr = client
			w := httptest.NewRecorder()
			mux.ServeHTTP(w, r)
			if w.Code != want || want == 429 && w.Header().Get("Retry-After") == "" {
				t.Errorf("%s: %d %v, want %d", client, w.Code, w.Header(), want)
			}
		}
		get("192.0.2.1:1001", 200)
		get("192.0.2.1:1002", 200)
		get("192.0.2.1:1003", 429)
		get("192.0.2.2:1001", 200)
		time.Sleep(time.Minute)
		get("192.0.2.1:1004", 200)
	})
}
