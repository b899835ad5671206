package contender

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// All contenders in Go give the same answers, so that the same work is
// compared.
func TestSameAnswers(t *testing.T) {
	for _, c := range All() {
		if c.IsPython() {
			continue
		}
		app := c.app()
		requests := [][3]string{
			{"POST", "/send-notification/ann@example.com?q=gophers", `{"message":"Message sent"}`},
			{"POST", "/send-notification/ann@example.com", `{"message":"Message sent"}`},
			{"GET", "/hello/you", `{"message":"Hello you"}`},
		}
		for _, r := range requests {
			w := httptest.NewRecorder()
			app.handler.ServeHTTP(w, httptest.NewRequest(r[0], r[1], http.NoBody))
			got := strings.TrimSpace(w.Body.String())
			if w.Code != 200 || got != r[2] || !strings.HasPrefix(w.Header().Get("Content-Type"), "application/json") {
				t.Errorf("%s: %s: %d %s %v", c.Name, r[1], w.Code, got, w.Header())
			}
		}
		if app.drain != nil {
			if err := app.drain(t.Context()); err != nil {
				t.Errorf("%s: %v", c.Name, err)
			}
		}
	}
}

func TestUnknownContender(t *testing.T) {
	if err := Child("nosuch"); err == nil {
		t.Error("it is served")
	}
}
