package app

import (
	"context"
	"database/sql"
	_ "embed"

	"github.com/bggen/bggen/runtime/river"
	_ "modernc.org/sqlite"
)

//go:embed schema.sql
var schema string

// OpenDB opens the database in a file, and makes it if there is none. The engine
// of the tasks has the same file.
func OpenDB(ctx context.Context, file string) (*sql.DB, error) {
	db, err := sql.Open("sqlite", river.DataSource(file))
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(4) // SQLite has one writer: more connections would only wait for it
	if _, err := db.ExecContext(ctx, schema); err != nil {
		db.Close()
		return nil, err
	}
	return db, nil
}

// Querier is a *sql.DB or a *sql.Tx.
type Querier interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

// Collect reads all rows of a query into a list; fields are where to scan a row.
func Collect[T any](rows *sql.Rows, err error, fields func(*T) []any) ([]T, error) {
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	list := []T{}
	for rows.Next() {
		var item T
		if err := rows.Scan(fields(&item)...); err != nil {
			return nil, err
		}
		list = append(list, item)
	}
	return list, rows.Err()
}
