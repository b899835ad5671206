package shop

import (
	"context"
	"database/sql"
	"net/http"
	"time"

	"github.com/bggen/bggen/runtime"
)

// Session is a transaction of one user.
type Session struct {
	*sql.Tx
	User User
}

// NewSession begins a transaction, which is settled before the response is
// written: no client sees success for a commit that failed. Whoever changes
// something leaves a line in the audit log; that task is discarded, as all are,
// when the request fails. With an outbox, tasks are committed with what they are
// about.
//
//bggen:provide
func NewSession(ctx context.Context, db *sql.DB, user User, outbox Outbox, r *http.Request, bg *runtime.BackgroundTasks) (*Session, func(error) error, error) {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return nil, nil, err
	}
	EnqueueWriteAudit(bg, user.Name, r.Method+" "+r.URL.Path)
	settle := func(failure error) error {
		if failure != nil {
			tx.Rollback() // whatever it says, the failure is the answer
			return nil
		}
		if outbox {
			if err := bg.StoreIn(ctx, tx); err != nil {
				tx.Rollback()
				return err
			}
		}
		return tx.Commit()
	}
	return &Session{tx, user}, settle, nil
}

// AuditLine says who has changed what.
type AuditLine struct {
	At   time.Time `json:"at"`
	User string    `json:"user"`
	What string    `json:"what"`
}

// WriteAudit adds a line to the audit log.
//
//bggen:task
func WriteAudit(ctx context.Context, db *sql.DB, user, what string) error {
	_, err := db.ExecContext(ctx, `INSERT INTO audit (user, what) VALUES (?, ?)`, user, what)
	return err
}

// ListAudit shows the log, its end first.
//
//bggen:route GET /audit
//bggen:depends AdminOnly
func ListAudit(ctx context.Context, db *sql.DB, page Page) ([]AuditLine, error) {
	rows, err := db.QueryContext(ctx, `SELECT at, user, what FROM audit ORDER BY id DESC LIMIT ? OFFSET ?`,
		page.Limit, page.offset())
	return collect(rows, err, func(l *AuditLine) []any { return []any{&l.At, &l.User, &l.What} })
}
