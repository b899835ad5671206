package users

import (
	"context"
	"database/sql"
	"errors"

	"github.com/bggen/bggen/examples/conduit/app"
	"github.com/bggen/bggen/examples/conduit/auth"
)

// Credentials are what a user logs in with.
type Credentials struct {
	Email    string `json:"email" required:"true"`
	Password string `json:"password" required:"true"`
}

// UserID is the number of a user who has typed the right password.
type UserID int64

// CheckPassword finds the user of a login, before the transaction begins.
//
//bggen:provide
//bggen:param user body=user
//bggen:answers 401="the email or the password is wrong"
func CheckPassword(ctx context.Context, db *sql.DB, user Credentials) (UserID, error) {
	var id UserID
	var hash []byte
	err := db.QueryRowContext(ctx, `SELECT id, password_hash FROM users WHERE email = ?`, user.Email).Scan(&id, &hash)
	if errors.Is(err, sql.ErrNoRows) || err == nil && !auth.Password(user.Password).Matches(hash) {
		return 0, app.Unauthorized("the email or the password is wrong")
	}
	return id, err
}

// Login makes a new token. It has a limit of its own, which is lower.
//
//bggen:route POST /users/login
//bggen:without app.RateLimit
//bggen:without auth.RequireUser
//bggen:depends app.LoginLimit
func Login(ctx context.Context, id UserID, tx *sql.Tx) (Answer, error) {
	return logIn(ctx, tx, int64(id))
}
