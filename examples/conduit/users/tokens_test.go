package users_test

import (
	"testing"

	"github.com/bggen/bggen/examples/conduit/apptest"
	"github.com/bggen/bggen/examples/conduit/auth"
	"github.com/bggen/bggen/examples/conduit/users"
)

func TestForgetTokens(t *testing.T) {
	a := apptest.New(t)
	ann := apptest.AddUser(t, a, "ann")
	for _, state := range []string{"expired", "valid"} {
		if _, err := auth.NewToken(t.Context(), a.DB, ann.ID); err != nil {
			t.Fatal(err)
		}
		if state == "expired" {
			if _, err := a.DB.ExecContext(t.Context(), `UPDATE tokens SET expires = datetime('now', '-1 day')`); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := users.ForgetTokens(t.Context(), a.DB); err != nil {
		t.Fatal(err)
	}
	var left, valid int
	if err := a.DB.QueryRowContext(t.Context(), `SELECT count(*), sum(expires > datetime('now')) FROM tokens`).Scan(&left, &valid); err != nil {
		t.Fatal(err)
	}
	if left != 1 || valid != 1 {
		t.Errorf("%d tokens are left, and %d of them are valid", left, valid)
	}
}
