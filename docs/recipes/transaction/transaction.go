// Package transaction runs a handler in a database transaction.
//
// The provider begins it. Its cleanup, a func(error) error, is called before the
// response is written: it commits, or rolls back if the request has failed. No client
// sees success for a commit that did not happen.
package transaction

import (
	"context"
	"database/sql"
	"errors"
	"net/http"

	"github.com/bggen/bggen/runtime"
)

// App holds what lives as long as the program.
//
//bggen:app
type App struct{ DB *sql.DB }

// Begin makes the transaction of a request. It is begun when the first parameter of the
// handler, or of another provider, asks for it, and once.
//
//bggen:provide
func Begin(ctx context.Context, db *sql.DB) (*sql.Tx, func(error) error, error) {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return nil, nil, err
	}
	return tx, func(failure error) error {
		if failure != nil {
			// The failure stays the answer; a Rollback that fails as well is logged with it.
			return errors.Join(failure, tx.Rollback())
		}
		return tx.Commit()
	}, nil
}

// NewTransfer is the body of a request.
type NewTransfer struct {
	From  string `json:"from" required:"true"`
	To    string `json:"to" required:"true"`
	Cents int64  `json:"cents" required:"true" min:"1"`
}

// Transfer moves money, all of it or none.
//
//bggen:route POST /transfers
func Transfer(ctx context.Context, tx *sql.Tx, body NewTransfer) error {
	if err := add(ctx, tx, body.To, body.Cents); err != nil {
		return err
	}
	return add(ctx, tx, body.From, -body.Cents)
}

// add changes the balance of an account, which cannot be below zero.
func add(ctx context.Context, tx *sql.Tx, account string, cents int64) error {
	result, err := tx.ExecContext(ctx, `UPDATE accounts SET cents = cents + ?1 WHERE name = ?2 AND cents + ?1 >= 0`, cents, account)
	if err != nil {
		return err
	}
	if n, err := result.RowsAffected(); err != nil || n == 1 {
		return err
	}
	return &runtime.Problem{Status: http.StatusConflict, Detail: "there is no such account, or not enough money on it"}
}
