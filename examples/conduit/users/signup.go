package users

import (
	"context"
	"database/sql"

	"github.com/bggen/bggen/examples/conduit/app"
	"github.com/bggen/bggen/examples/conduit/auth"
	"github.com/bggen/bggen/examples/conduit/mails"
	"github.com/bggen/bggen/runtime"
)

// NewUser is who wants to register.
type NewUser struct {
	Username string        `json:"username" required:"true" maxlen:"40" pattern:"^[A-Za-z0-9_-]+$"`
	Email    string        `json:"email" required:"true" maxlen:"200" pattern:"^[^@ ]+@[^@ ]+$"`
	Password auth.Password `json:"password" required:"true" minlen:"8"`
}

// Registration is a new user whose password has been hashed.
type Registration struct {
	Username, Email string
	PasswordHash    []byte
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
	mails.EnqueueSend(bg, r.Email, "Welcome to Conduit", "Hello "+r.Username+"!")
	return logIn(ctx, tx, id)
}
