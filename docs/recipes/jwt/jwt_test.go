package jwt

import (
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/bggen/bggen/runtime"
)

func TestRequireUser(t *testing.T) {
	app := &App{Key: []byte("0123456789abcdef0123456789abcdef")}
	var runner runtime.Runner
	mux := http.NewServeMux()
	Register(mux, &runner, app)

	now := time.Now()
	good, err := app.Sign(User{ID: "ann"}, now)
	if err != nil {
		t.Fatal(err)
	}
	old, _ := app.Sign(User{ID: "ann"}, now.Add(-time.Hour))
	forged, _ := (&App{Key: []byte("another")}).Sign(User{ID: "ann"}, now)
	unsigned := "eyJhbGciOiJub25lIn0.eyJpc3MiOiJodHRwczovL3Nob3AuZXhhbXBsZSJ9." // alg: none

	for token, want := range map[string]int{good: 200, old: 401, forged: 401, unsigned: 401, "": 401} {
		r := httptest.NewRequest("GET", "/me", nil)
		r.Header.Set("Authorization", "Bearer "+token)
		w := httptest.NewRecorder()
		mux.ServeHTTP(w, r)
		if w.Code != want {
			t.Errorf("token %.20s…: status %d, want %d", token, w.Code, want)
		}
	}
}
