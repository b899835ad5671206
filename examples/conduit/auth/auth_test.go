package auth_test

import (
	"testing"

	"github.com/bggen/bggen/examples/conduit/apptest"
	"github.com/bggen/bggen/examples/conduit/auth"
	bearer "github.com/bggen/bggen/runtime/auth"
)

func TestTokens(t *testing.T) {
	a := apptest.New(t)
	ann := apptest.AddUser(t, a, "ann")
	token, err := auth.NewToken(t.Context(), a.DB, ann.ID)
	if err != nil {
		t.Fatal(err)
	}
	if u, err := auth.RequireUser(t.Context(), bearer.Bearer(token), a.DB); err != nil || u.ID != ann.ID || u.Username != "ann" {
		t.Errorf("got %+v, %v", u, err)
	}
	if _, err := auth.RequireUser(t.Context(), "wrong", a.DB); err == nil {
		t.Error("a wrong token is right")
	}

	right, wrong := bearer.Bearer(token), bearer.Bearer("wrong")
	if v, err := auth.FindViewer(t.Context(), &right, a.DB); err != nil || v.ID != ann.ID {
		t.Errorf("got %+v, %v", v, err)
	}
	if v, err := auth.FindViewer(t.Context(), nil, a.DB); err != nil || v.ID != 0 {
		t.Errorf("got %+v, %v", v, err)
	}
	if _, err := auth.FindViewer(t.Context(), &wrong, a.DB); err == nil {
		t.Error("a wrong token is right")
	}

	if _, err := a.DB.ExecContext(t.Context(), `UPDATE tokens SET expires = datetime('now', '-1 second')`); err != nil {
		t.Fatal(err)
	}
	if _, err := auth.RequireUser(t.Context(), right, a.DB); err == nil {
		t.Error("a token that has expired is right")
	}
}
