package app

import (
	"context"
	"database/sql"

	"github.com/bggen/bggen/runtime"
)

// NewTx begins a transaction, which is committed if the request succeeds and
// rolled back if it fails. Both happen before the answer is written. The tasks of
// the request are stored in the same transaction: they run if it is committed,
// and only then.
//
//bggen:provide
func NewTx(ctx context.Context, db *sql.DB, bg *runtime.BackgroundTasks) (*sql.Tx, func(error) error, error) {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return nil, nil, err
	}
	settle := func(failure error) error {
		defer tx.Rollback() // does nothing after a commit
		if failure != nil {
			return nil // the failure is the answer
		}
		if err := bg.StoreIn(ctx, tx); err != nil {
			return err
		}
		return tx.Commit()
	}
	return tx, settle, nil
}
