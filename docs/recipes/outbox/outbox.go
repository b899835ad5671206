// Package outbox stores a task in the same transaction as the change that it is about.
//
// Without that, a crash between the commit and the storing of the task loses the task,
// and one that is stored first may run for a change that was rolled back. River keeps
// tasks in SQLite or PostgreSQL: give it the database of the program, and StoreIn puts
// the tasks of the request into the transaction.
package outbox

import (
	"context"
	"database/sql"
	"errors"
	"log"

	_ "modernc.org/sqlite"

	"github.com/bggen/bggen/runtime"
	"github.com/bggen/bggen/runtime/river"
)

// App holds what lives as long as the program.
//
//bggen:app
type App struct{ DB *sql.DB }

// Open opens the file in which tasks are stored too: river.Open(file).
func Open(file string) (*sql.DB, error) {
	db, err := sql.Open("sqlite", river.DataSource(file))
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(1) // a SQLite file has one writer
	return db, nil
}

// Begin makes the transaction of a request.
//
//bggen:provide
func Begin(ctx context.Context, db *sql.DB, bg *runtime.BackgroundTasks) (*sql.Tx, func(error) error, error) {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return nil, nil, err
	}
	return tx, func(failure error) error {
		if failure == nil {
			failure = bg.StoreIn(ctx, tx) // the tasks are rows now, and not visible yet
		}
		if failure != nil {
			return errors.Join(failure, tx.Rollback())
		}
		return tx.Commit()
	}, nil
}

// NewOrder is the body of a request.
type NewOrder struct {
	Product string `json:"product" required:"true"`
}

// PlaceOrder stores an order, and the mail that is to be sent, or neither.
//
//bggen:route POST /orders status=201
func PlaceOrder(ctx context.Context, tx *sql.Tx, body NewOrder, bg *runtime.BackgroundTasks) (id int64, err error) {
	err = tx.QueryRowContext(ctx, `INSERT INTO orders (product) VALUES (?) RETURNING id`, body.Product).Scan(&id)
	EnqueueConfirm(bg, id)
	return id, err
}

// Confirm mails that an order was placed. It may run twice, after a crash: the row tells
// whether the mail has gone out.
//
//bggen:task attempts=5
func Confirm(ctx context.Context, db *sql.DB, order int64) error {
	var confirmed bool
	err := db.QueryRowContext(ctx, `SELECT confirmed FROM orders WHERE id = ?`, order).Scan(&confirmed)
	if err != nil || confirmed {
		return err
	}
	log.Printf("order %d: thank you", order)
	_, err = db.ExecContext(ctx, `UPDATE orders SET confirmed = TRUE WHERE id = ?`, order)
	return err
}
