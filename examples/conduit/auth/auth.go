// Package auth says who sends a request. RequireUser is a guard of the app struct, so
// that every handler refuses strangers. One that is for all says //bggen:without
// auth.RequireUser, and may take a Viewer.
//
//bggen:use github.com/bggen/bggen/examples/conduit/app
package auth

import (
	"context"
	"database/sql"
	"errors"

	"github.com/bggen/bggen/runtime/auth"
)

// User is who sends a request.
type User struct {
	ID       int64
	Username string
	Token    string // of the request
}

// RequireUser finds out by the token who sends a request, and refuses strangers.
//
//bggen:guard
//bggen:answers 401
func RequireUser(ctx context.Context, token auth.Bearer, db *sql.DB) (User, error) {
	u := User{Token: string(token)}
	err := db.QueryRowContext(ctx, `
		SELECT users.id, username FROM tokens JOIN users ON users.id = user
		WHERE hash = ? AND expires > datetime('now')`, hash(u.Token)).Scan(&u.ID, &u.Username)
	if errors.Is(err, sql.ErrNoRows) {
		return User{}, token.Invalid()
	}
	return u, err
}

// Viewer is who reads something that all may read. ID is 0 for a stranger.
type Viewer struct{ ID int64 }

// FindViewer finds out who reads. A stranger has no token; a token that is wrong
// is refused.
//
//bggen:guard
//bggen:answers 401
func FindViewer(ctx context.Context, token *auth.Bearer, db *sql.DB) (Viewer, error) {
	if token == nil {
		return Viewer{}, nil
	}
	u, err := RequireUser(ctx, *token, db)
	return Viewer{u.ID}, err
}
