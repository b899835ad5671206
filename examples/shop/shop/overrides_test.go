package shop_test

import (
	"bytes"
	"errors"
	"log/slog"
	"net/http"
	"strings"
	"testing"

	"github.com/bggen/bggen/examples/shop/shop"
)

// as has one user make all requests, without a token.
func as(user shop.User) func(*http.Request) (shop.User, error) {
	return func(*http.Request) (shop.User, error) { return user, nil }
}

func open(*http.Request) error { return nil }

// The guard and the session are given the same user.
func TestUserReplaced(t *testing.T) {
	bob := newShop(t, 1000, shop.Overrides{RequireUser: as(shop.User{ID: 1, Name: "bob", Email: "bob@example.com"})})
	bob.get("/audit", "").refused(403)

	var placed shop.Order
	bob.order("", `{"lines": [{"product": 1, "quantity": 1}]}`).decode(201, &placed)
	if placed.Customer != "bob" {
		t.Errorf("it is the order of %s", placed.Customer)
	}
	if got, want := bob.mail(), "bob@example.com: Your order 1\n1 x Cup at EUR 9.50\n"; got != want {
		t.Errorf("got the mail %q, want %q", got, want)
	}
}

// With a guard goes what only the guard has needed: the user.
func TestGuardReplaced(t *testing.T) {
	s := newShop(t, 1000, shop.Overrides{AdminOnly: open})
	s.get("/audit", "").is(200, "[]")
	s.upload("", gif, kettle...).refused(401) // the session needs it, too
}

// With three providers replaced, the handler needs nothing of the app: neither
// database nor limiter, and no user. It works in a transaction of the test's,
// which nobody settles; and the audit line has gone with the session.
func TestAddProductAlone(t *testing.T) {
	db := newDB(t)
	tx, err := db.BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	s := &testShop{T: t}
	s.serve(shop.AddProductHandler(&s.runner, &shop.App{}, shop.Overrides{
		LimiterAllow: open,
		AdminOnly:    open,
		NewSession:   func(*http.Request) (*shop.Session, error) { return &shop.Session{Tx: tx}, nil },
	}))
	s.upload("", gif, kettle...).is(201, `{"id":5,"name":"Kettle","price":3900,"stock":0,"tags":["kitchen","new"]}`)
	s.upload("", gif, kettle...).refused(409) // the transaction is still the same

	if err := tx.Rollback(); err != nil {
		t.Fatal(err)
	}
	var products, lines int
	if err := db.QueryRowContext(t.Context(), `SELECT (SELECT count(*) FROM products), (SELECT count(*) FROM audit)`).
		Scan(&products, &lines); err != nil {
		t.Fatal(err)
	}
	if products != 4 || lines != 0 {
		t.Errorf("there are %d products, and %d lines in the audit log", products, lines)
	}
}

// A provider is not called for a request that does not fit. Why one has failed is
// for the log, and not for the client.
func TestSessionFails(t *testing.T) {
	s := newShop(t, 1000, shop.Overrides{
		RequireUser: as(shop.User{Name: "bob"}),
		NewSession:  func(*http.Request) (*shop.Session, error) { return nil, errors.New("the disk is full") },
	})
	var log bytes.Buffer
	s.runner.Logger = slog.New(slog.NewTextHandler(&log, nil))

	s.order("", `{"lines": [{"product": 1, "quantity": 0}]}`).refused(422, "body lines[0].quantity min")
	s.order("", `{"lines": [{"product": 1, "quantity": 1}]}`).is(500, `{"title":"Internal Server Error","status":500}`)
	if got := log.String(); !strings.Contains(got, `handler=shop.PlaceOrder error="the disk is full"`) {
		t.Errorf("the log is %s", got)
	}
}
