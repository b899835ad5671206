package users

import (
	"context"
	"database/sql"
)

// ForgetTokens deletes the tokens that have expired.
//
//bggen:every 24h
//bggen:task timeout=1m
func ForgetTokens(ctx context.Context, db *sql.DB) error {
	_, err := db.ExecContext(ctx, `DELETE FROM tokens WHERE expires <= datetime('now')`)
	return err
}
