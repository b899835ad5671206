package shop

import (
	"context"
	"database/sql"
	_ "embed"
	"errors"
	"net/http"
	"net/url"

	"github.com/bggen/bggen/runtime"
	_ "modernc.org/sqlite"
)

//go:embed schema.sql
var schema string

// OpenDB opens the database in a file. A new one gets some products, and
// three users: ann and bob, customers, and root, an admin.
func OpenDB(ctx context.Context, file string) (*sql.DB, error) {
	options := url.Values{
		"_pragma": {"busy_timeout(5000)", "journal_mode(WAL)"},
		"_txlock": {"immediate"}, // who begins a transaction means to write
	}
	db, err := sql.Open("sqlite", "file:"+file+"?"+options.Encode())
	if err != nil {
		return nil, err
	}
	if _, err := db.ExecContext(ctx, schema); err != nil {
		db.Close()
		return nil, err
	}
	return db, nil
}

// collect reads all rows of a query into a list; fields are where to scan a row.
func collect[T any](rows *sql.Rows, err error, fields func(*T) []any) ([]T, error) {
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var list []T
	for rows.Next() {
		var item T
		if err := rows.Scan(fields(&item)...); err != nil {
			return nil, err
		}
		list = append(list, item)
	}
	return list, rows.Err()
}

// orNotFound makes a 404 of the error of a query that has found nothing.
func orNotFound(err error) error {
	if errors.Is(err, sql.ErrNoRows) {
		return &runtime.Problem{Status: http.StatusNotFound}
	}
	return err
}
