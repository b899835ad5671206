package app_test

import (
	"errors"
	"testing"

	"github.com/bggen/bggen/examples/conduit/app"
	"github.com/bggen/bggen/examples/conduit/apptest"
	"github.com/bggen/bggen/runtime"
)

// What a request has written is there when it has succeeded, and is not when it has
// failed.
func TestNewTx(t *testing.T) {
	a := apptest.New(t)
	for _, c := range []struct {
		username string
		failure  error
		users    int
	}{{"ann", errors.New("no"), 0}, {"ann", nil, 1}, {"bob", errors.New("no"), 1}} {
		tx, settle, err := app.NewTx(t.Context(), a.DB, true, new(runtime.BackgroundTasks))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := tx.ExecContext(t.Context(), `INSERT INTO users (username, email, password_hash) VALUES (?, ?, '')`, c.username, c.username); err != nil {
			t.Fatal(err)
		}
		if err := settle(c.failure); err != nil {
			t.Errorf("%s, failed with %v: %v", c.username, c.failure, err)
		}
		var users int
		if err := a.DB.QueryRowContext(t.Context(), `SELECT count(*) FROM users`).Scan(&users); err != nil || users != c.users {
			t.Errorf("%s, failed with %v: there are %d users, %v", c.username, c.failure, users, err)
		}
	}
}
