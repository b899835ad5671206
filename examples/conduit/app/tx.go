package app

import (
	"context"
	"database/sql"

	"github.com/bggen/bggen/runtime"
)

// Outbox says that tasks are stored in the database of the service.
type Outbox bool

// NewTx begins a transaction, which is committed if the request succeeds and
// rolled back if it fails. Both happen before the answer is written. With an outbox,
// the tasks of the request are stored in the same transaction: they run if it is
// committed, and only then. Without one they are stored when it is.
//
//bggen:provide
func NewTx(ctx context.Context, db *sql.DB, outbox Outbox, bg *runtime.BackgroundTasks) (*sql.Tx, func(error) error, error) {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return nil, nil, err
	}
	settle := func(failure error) error {
		defer tx.Rollback() // does nothing after a commit
		if failure != nil {
			return nil // the failure is the answer
		}
		if outbox {
			if err := bg.StoreIn(ctx, tx); err != nil {
				return err
			}
		}
		return tx.Commit()
	}
	return tx, settle, nil
}
