// Package users has accounts: to register, log in, and change what is known of
// oneself.
//
//bggen:prefix /api
//bggen:use github.com/bggen/bggen/examples/conduit/app
package users

import (
	"context"
	"database/sql"

	"github.com/bggen/bggen/examples/conduit/app"
	"github.com/bggen/bggen/examples/conduit/auth"
)

// User is what users see of themselves.
type User struct {
	Username Username `json:"username"`
	Email    Email    `json:"email"`
	Bio      string   `json:"bio"`
	Image    *string  `json:"image"` // the address of a picture
	Token    string   `json:"token"` // to log in with
}

// Answer has a user.
type Answer struct {
	User User `json:"user"`
}

// find reads a user.
func find(ctx context.Context, db app.Querier, id int64, token string) (Answer, error) {
	u := User{Token: token}
	err := db.QueryRowContext(ctx, `SELECT username, email, bio, image FROM users WHERE id = ?`, id).
		Scan(&u.Username, &u.Email, &u.Bio, &u.Image)
	return Answer{u}, err
}

// logIn makes a token for a user.
func logIn(ctx context.Context, db *sql.Tx, id int64) (Answer, error) {
	token, err := auth.NewToken(ctx, db, id)
	if err != nil {
		return Answer{}, err
	}
	return find(ctx, db, id, token)
}
