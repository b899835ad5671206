package transaction

import (
	"database/sql"
	"net/http"
	"path/filepath"
	"testing"

	_ "modernc.org/sqlite"

	"github.com/bggen/bggen/runtime"
	"github.com/bggen/bggen/runtime/bgtest"
)

func TestTransfer(t *testing.T) {
	db, err := sql.Open("sqlite", filepath.Join(t.TempDir(), "bank.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.Exec(`CREATE TABLE accounts (name TEXT PRIMARY KEY, cents INTEGER);
		INSERT INTO accounts VALUES ('ann', 100), ('bob', 0)`); err != nil {
		t.Fatal(err)
	}
	var runner runtime.Runner
	mux := http.NewServeMux()
	Register(mux, &runner, &App{DB: db})
	client := bgtest.NewClient(t, &runner, mux)

	for body, want := range map[string]struct {
		status   int
		ann, bob int64
	}{
		`{"from":"ann","to":"bob","cents":101}`: {409, 100, 0}, // bob has not kept the money
		`{"from":"ann","to":"zoe","cents":1}`:   {409, 100, 0},
	} {
		client.Send("POST", "/transfers", body).Want(want.status)
		wantBalance(t, db, want.ann, want.bob)
	}
	client.Send("POST", "/transfers", `{"from":"ann","to":"bob","cents":70}`)
	wantBalance(t, db, 30, 70)
}

func wantBalance(t *testing.T, db *sql.DB, ann, bob int64) {
	t.Helper()
	var a, b int64
	err := db.QueryRow(`SELECT (SELECT cents FROM accounts WHERE name = 'ann'), (SELECT cents FROM accounts WHERE name = 'bob')`).Scan(&a, &b)
	if err != nil || a != ann || b != bob {
		t.Errorf("ann has %d, bob %d, want %d and %d (%v)", a, b, ann, bob, err)
	}
}
