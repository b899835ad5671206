package auth

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"database/sql"
)

// Execer is a *sql.DB or a *sql.Tx.
type Execer interface {
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
}

// NewToken makes a token of a user, which lasts for 30 days.
func NewToken(ctx context.Context, db Execer, user int64) (string, error) {
	token := rand.Text()
	_, err := db.ExecContext(ctx, `INSERT INTO tokens VALUES (?, ?, datetime('now', '+30 days'))`, hash(token), user)
	return token, err
}

// hash is how a token is stored. Tokens are random, so that a fast hash is enough.
func hash(token string) []byte {
	sum := sha256.Sum256([]byte(token))
	return sum[:]
}
