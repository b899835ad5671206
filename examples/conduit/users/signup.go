package users

import (
	"context"
	"database/sql"
	"fmt"

	"github.com/bggen/bggen/examples/conduit/app"
	"github.com/bggen/bggen/examples/conduit/auth"
	"github.com/bggen/bggen/examples/conduit/mails"
	"github.com/bggen/bggen/runtime"
)

// NewUser is who wants to register.
type NewUser struct {
	Username Username      `json:"username" required:"true"`
	Email    Email         `json:"email" required:"true"`
	Password auth.Password `json:"password" required:"true"`
}

// Registration is a new user whose password has been hashed.
type Registration struct {
	Username     Username
	Email        Email
	PasswordHash []byte
}

// NewRegistration hashes the password. It is a provider so that it runs before the
// transaction begins: SQLite has one writer, which should not wait for a hash.
//
//bggen:provide
//bggen:param user body=user
func NewRegistration(user NewUser) (Registration, error) {
	hash, err := user.Password.Hash()
	return Registration{user.Username, user.Email, hash}, err
}

// SignUp makes an account, and logs in.
//
//bggen:route POST /users status=201
//bggen:without auth.RequireUser
//bggen:answers 409="the username or the email is taken"
func SignUp(ctx context.Context, r Registration, tx *sql.Tx, bg *runtime.BackgroundTasks) (Answer, error) {
	var id int64
	err := tx.QueryRowContext(ctx, `
		INSERT INTO users (username, email, password_hash) VALUES (?, ?, ?)
		ON CONFLICT DO NOTHING RETURNING id`, r.Username, r.Email, r.PasswordHash).Scan(&id)
	if err != nil {
		return Answer{}, app.OrConflict(err, "the username or the email is taken")
	}
	mails.EnqueueSend(bg, string(r.Email), "Welcome to Conduit", fmt.Sprintf("Hello %s!", r.Username))
	return logIn(ctx, tx, id)
}
