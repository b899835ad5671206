package webhook

import (
	"encoding/hex"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/bggen/bggen/runtime/bgtest"
)

func TestReceive(t *testing.T) {
	app := &App{Secret: []byte("shared with the other service")}
	recorder := bgtest.NewRecorder(t)
	mux := http.NewServeMux()
	Register(mux, recorder.Runner(), app)

	const body = `{"id":"e1","kind":"paid"}`
	now := time.Now().Unix()
	for _, c := range []struct {
		what      string
		sent      int64
		signature []byte
		status    int
	}{
		{"valid", now, app.sign(now, []byte(body)), 202},
		{"of another body", now, app.sign(now, []byte(`{}`)), 401},
		{"old", now - 3600, app.sign(now-3600, []byte(body)), 401},
		{"of another time", now, app.sign(now-1, []byte(body)), 401},
	} {
		r := httptest.NewRequest("POST", "/webhooks", strings.NewReader(body))
		r.Header.Set("X-Timestamp", strconv.FormatInt(c.sent, 10))
		r.Header.Set("X-Signature", hex.EncodeToString(c.signature))
		w := httptest.NewRecorder()
		mux.ServeHTTP(w, r)
		if w.Code != c.status {
			t.Errorf("a signature that is %s: %d %s, want %d", c.what, w.Code, w.Body, c.status)
		}
	}
	recorder.Want("github.com/bggen/bggen/docs/recipes/webhook.Handle")
}
