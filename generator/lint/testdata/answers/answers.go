// Package answers declares what its functions answer, right and wrong. // want package:"directed" package:`answers: `
package answers

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"net/http"

	"example.com/lint/answers/errs"
	"example.com/lint/answers/store"
	"github.com/bggen/bggen/runtime"
	"github.com/bggen/bggen/runtime/auth"
)

type item struct{}

var errConflict = &runtime.Problem{Status: http.StatusConflict}

type outOfStock struct {
	runtime.Problem
	Left int
}

type locked struct{}

func (locked) Error() string   { return "locked" }
func (locked) StatusCode() int { return http.StatusLocked }

func find(ctx context.Context, db *sql.DB, id int) (item, error) {
	err := db.QueryRowContext(ctx, "SELECT 1").Scan(new(int))
	return item{}, store.OrNotFound(err)
}

func refuse(status int) error { return &runtime.Problem{Status: status} }

// All that is declared is made, and the other way round.
//
//bggen:route GET /right/{id}
//bggen:answers 404 409 410 423="it is locked" 429
//bggen:answers 451
func right(ctx context.Context, db *sql.DB, id int) (item, error) {
	switch id {
	case 1:
		return item{}, errConflict
	case 2:
		return item{}, store.Gone
	case 3:
		return item{}, locked{}
	case 4:
		return item{}, store.Refuse(http.StatusTooManyRequests, "")
	case 5:
		return item{}, fmt.Errorf("law: %w", refuse(451))
	}
	return find(ctx, db, id)
}

//bggen:route GET /more/{id}
//bggen:answers 400
func more(ctx context.Context, db *sql.DB, id int) (item, error) {
	switch id {
	case 1:
		return item{}, errConflict // want `more answers 409, which is not declared`
	case 2:
		return item{}, store.Gone // want `more answers 410, which is not declared`
	case 3:
		return item{}, locked{} // want `more answers 423, which is not declared`
	case 4:
		return item{}, store.Refuse(http.StatusTooManyRequests, "") // want `more answers 429, which is not declared`
	case 5:
		return item{}, errors.Join(refuse(451), io.EOF) // want `more answers 451, which is not declared`
	case 6:
		return item{}, &outOfStock{runtime.Problem{Status: 418}, 3} // want `more answers 418, which is not declared`
	case 7:
		return item{}, runtime.Unavailable("the stock is closed", nil) // want `more answers 503, which is not declared`
	case 8:
		return item{}, &errs.NotFound{What: "an item"} // want `more answers 404, which is not declared`
	case 9:
		p := &runtime.Problem{Detail: "later"} // want `more answers 426, which is not declared`
		p.Status = http.StatusUpgradeRequired
		return item{}, p
	case 10:
		return item{}, &runtime.Problem{Status: 500}
	case 11:
		return item{}, fmt.Errorf("%d of %v", id, refuse(431)) // is text
	case 12:
		return item{}, &runtime.BindError{Status: 422}
	}
	return item{}, func() error { return refuse(428) }() // want `more answers 428, which is not declared`
}

//bggen:route GET /less/{id}
//bggen:answers 404="there is no such item" 409 422 // want `404 is declared and never made`
func less(ctx context.Context, db *sql.DB, id int) (item, error) {
	_, err := db.ExecContext(ctx, "DELETE FROM items")
	if errors.Is(err, sql.ErrTxDone) {
		err = errConflict
	}
	return item{}, err
}

// looks tells errors apart, so that it does not answer with all of them.
//
//bggen:route GET /looks
func looks(ctx context.Context, db *sql.DB) (item, error) {
	it, err := find(ctx, db, 1)
	var problem *runtime.Problem
	if errors.As(err, &problem) && problem.Status == http.StatusNotFound {
		return item{}, nil
	}
	if _, other := find(ctx, db, 2); isMissing(other) {
		return item{}, other
	}
	return it, err
}

func isMissing(err error) bool { return err != nil }

type repository interface{ Find(id int) (item, error) }

type service struct {
	items repository
	hook  func() error
	last  error
}

// What an interface, a field or somebody else's function returns may be anything.
//
//bggen:route GET /interface
//bggen:answers 404
func (s *service) Interface(id int) (item, error) { return s.items.Find(id) }

//bggen:route GET /hook
//bggen:answers 404
func (s *service) Hook() error { return s.hook() }

//bggen:route GET /last
//bggen:answers 404
func (s *service) Last() error { return s.last }

//bggen:route GET /cause
//bggen:answers 404
func cause(ctx context.Context) error { return context.Cause(ctx) }

//bggen:route GET /status
//bggen:answers 404
func proxied(client *http.Client) error {
	response, err := client.Get("https://example.com")
	if err != nil {
		return err
	}
	return &runtime.Problem{Status: response.StatusCode}
}

//bggen:route GET /made
//bggen:answers 404
func made(id int) error { return errs.New(404, "there is no such item") }

//bggen:route GET /writes
//bggen:answers 404
func writes(w http.ResponseWriter, r *http.Request) { http.NotFound(w, r) }

//bggen:route GET /answers
//bggen:answers 404
func answers() http.Handler { return http.HandlerFunc(http.NotFound) }

//bggen:route GET /tenants
//bggen:answers 402="we know who has not paid" 401
func tenants(t store.Tenant, b auth.Bearer) error { return nil }

//bggen:guard
//bggen:param key header=X-Key
func requireKey(key auth.APIKey) (string, error) { return "", key.Invalid() }

type visitor struct{}

func (*visitor) Scan(any) error { return refuse(404) }

//bggen:route GET /scanned
//bggen:answers 404
func scanned(ctx context.Context, db *sql.DB) error {
	return db.QueryRowContext(ctx, "SELECT 1").Scan(new(visitor))
}

// settled answers what settling it makes.
//
//bggen:provide
func settled(db *sql.DB) (*sql.Tx, func(error) error, error) {
	tx, err := db.Begin()
	settle := func(failure error) error {
		if failure != nil {
			return failure
		}
		if err := tx.Commit(); err != nil {
			return refuse(409) // want `settled answers 409, which is not declared`
		}
		return nil
	}
	return tx, settle, err
}

// adminOnly is a guard in a variable.
//
//bggen:guard
//bggen:answers 403
var adminOnly = requireRole("admin")

// given is one that a program fills in.
//
//bggen:provide
//bggen:answers 403
var given func() (secret, error)

type secret string

func requireRole(role string) func(*http.Request) error {
	return func(*http.Request) error { return refuse(http.StatusForbidden) }
}

// named is called by a directive.
//
//bggen:answers 403 // want `403 is declared and never made`
func named() error { return nil }

//bggen:route GET /named
//bggen:depends named
func byName() error { return nil }

// A helper is no handler, and declares nothing.
func helper() error { return refuse(404) }

func recursive(n int) error {
	if n == 0 {
		return refuse(404)
	}
	return recursive(n - 1)
}

//bggen:route GET /deep
//bggen:answers 404
func deep(n int) error { return recursive(n) }
