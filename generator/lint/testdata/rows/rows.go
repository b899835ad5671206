// Package rows has rows, which end with their transaction and their context. // want package:"directed: Begin releases database/sql.Tx"
package rows

import (
	"context"
	"database/sql"

	"github.com/bggen/bggen/runtime"
)

//bggen:provide
func Begin(db *sql.DB) (*sql.Tx, func(error) error, error) {
	tx, err := db.Begin()
	return tx, func(error) error { return tx.Commit() }, err
}

type store struct{ *sql.Tx }

func use(context.Context, ...any) error { return nil }

//bggen:route POST /settled
func settled(tx *sql.Tx, bg *runtime.BackgroundTasks) error {
	rows, err := tx.Query("SELECT id FROM users")
	if err != nil {
		return err
	}
	bg.Add(func(ctx context.Context) error { return use(ctx, rows) }) // want `the task uses rows, and what Begin makes has been given back when it runs`
	bg.Add(func(context.Context) error { return rows.Close() })       // want `the task uses rows`
	row := tx.QueryRow("SELECT 1")
	bg.Add(func(context.Context) error { return row.Scan(new(int)) }) // want `the task uses row`
	stmt, err := tx.Prepare("SELECT 1")
	bg.Add(func(context.Context) error { return stmt.QueryRow().Scan(new(int)) }) // want `the task uses stmt`
	mine := store{tx}
	more, _ := mine.Query("SELECT 1")
	bg.Add(func(ctx context.Context) error { return use(ctx, more) }) // want `the task uses more`
	result, err := tx.Exec("DELETE FROM users")
	bg.Add(func(ctx context.Context) error { return use(ctx, result, err) })
	return err
}

//bggen:route POST /cancelled
func cancelled(ctx context.Context, db *sql.DB, bg *runtime.BackgroundTasks) error {
	rows, err := db.QueryContext(ctx, "SELECT id FROM users")
	if err != nil {
		return err
	}
	bg.Add(func(ctx context.Context) error { return use(ctx, rows) }) // want `the task uses rows, and the context of the request is cancelled`
	tx, err := db.BeginTx(ctx, nil)
	bg.Add(func(context.Context) error { return tx.Commit() }) // want `the task uses tx, and the context of the request is cancelled`
	stmt, err := db.PrepareContext(ctx, "SELECT 1")            // which is not asked for the next time
	bg.Add(func(ctx context.Context) error { return use(ctx, stmt) })
	bg.Add(func(ctx context.Context) error {
		rows, err := db.QueryContext(ctx, "SELECT id FROM users")
		if err != nil {
			return err
		}
		return rows.Close()
	})
	whole, err := db.Query("SELECT id FROM users")
	bg.Add(func(ctx context.Context) error { return use(ctx, whole) })
	return err
}
