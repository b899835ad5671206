package idempotency

import (
	"database/sql"
	"io"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	_ "modernc.org/sqlite"

	"github.com/bggen/bggen/runtime"
)

func TestPay(t *testing.T) {
	db, err := sql.Open("sqlite", "file:"+filepath.Join(t.TempDir(), "pay.db")+"?_txlock=immediate&_pragma=busy_timeout(5000)")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.Exec(Schema); err != nil {
		t.Fatal(err)
	}
	var runner runtime.Runner
	mux := http.NewServeMux()
	Register(mux, &runner, &App{DB: db})
	pay := func(key, body string) (int, string) {
		r := httptest.NewRequest("POST", "/payments", strings.NewReader(body))
		r.Header.Set("Content-Type", "application/json")
		if key != "" {
			r.Header.Set("Idempotency-Key", key)
		}
		w := httptest.NewRecorder()
		mux.ServeHTTP(w, r)
		answer, _ := io.ReadAll(w.Body)
		return w.Code, string(answer)
	}

	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			if status, answer := pay("a-key-of-a-client", `{"cents":500}`); status != 201 || answer != `{"id":1,"cents":500}` {
				t.Errorf("%d %s", status, answer)
			}
		})
	}
	all.Wait()
	for _, c := range []struct {
		key, body string
		status    int
	}{
		{"a-key-of-a-client", `{"cents":501}`, 422},
		{"another-key-of-it", `{"cents":500}`, 201},
		{"", `{"cents":500}`, 422},
	} {
		if status, answer := pay(c.key, c.body); status != c.status {
			t.Errorf("%q %s: %d %s", c.key, c.body, status, answer)
		}
	}
	var n int
	if err := db.QueryRow(`SELECT count(*) FROM payments`).Scan(&n); err != nil || n != 2 {
		t.Errorf("paid %d times, %v", n, err)
	}
}
