package outbox

import (
	"context"
	"database/sql"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"

	"github.com/bggen/bggen/runtime"
	"github.com/bggen/bggen/runtime/river"
)

func TestOutbox(t *testing.T) {
	file := filepath.Join(t.TempDir(), "shop.db")
	db, err := Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.Exec(`CREATE TABLE orders (id INTEGER PRIMARY KEY, product TEXT CHECK (product <> 'nothing'), confirmed BOOLEAN DEFAULT FALSE)`); err != nil {
		t.Fatal(err)
	}
	engine, err := river.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer engine.Close()
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	runner := runtime.Runner{Engine: engine, Around: []func(runtime.TaskFunc) runtime.TaskFunc{
		func(next runtime.TaskFunc) runtime.TaskFunc {
			return func(ctx context.Context) error { defer stop(); return next(ctx) }
		},
	}}
	mux := http.NewServeMux()
	Register(mux, &runner, &App{DB: db})
	post := func(product string, status int) {
		t.Helper()
		r := httptest.NewRequest("POST", "/orders", strings.NewReader(`{"product":"`+product+`"}`))
		r.Header.Set("Content-Type", "application/json")
		w := httptest.NewRecorder()
		mux.ServeHTTP(w, r)
		if w.Code != status {
			t.Errorf("%s: %d %s", product, w.Code, w.Body)
		}
	}
	post("nothing", 500) // its task is rolled back with it
	post("a gopher", 201)

	// Another process takes over, as after a crash. It ends with the first task.
	if err := runtime.Work(ctx, &runner); err != nil {
		t.Fatal(err)
	}
	var orders, confirmed int
	if err := db.QueryRow(`SELECT count(*), sum(confirmed) FROM orders`).Scan(&orders, &confirmed); err != nil || orders != 1 || confirmed != 1 {
		t.Errorf("%d orders, %d confirmed, %v", orders, confirmed, err)
	}
	if jobs := count(t, db, `SELECT count(*) FROM river_job`); jobs != 1 {
		t.Errorf("%d tasks were stored", jobs)
	}
}

func count(t *testing.T, db *sql.DB, query string) (n int) {
	t.Helper()
	if err := db.QueryRow(query).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}
