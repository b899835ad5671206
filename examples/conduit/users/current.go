package users

import (
	"context"
	"database/sql"

	"github.com/bggen/bggen/examples/conduit/app"
	"github.com/bggen/bggen/examples/conduit/auth"
	"github.com/bggen/bggen/runtime"
)

// Current shows the user who is logged in.
//
//bggen:route GET /user
func Current(ctx context.Context, db *sql.DB, me auth.User) (Answer, error) {
	return find(ctx, db, me.ID, me.Token)
}

// Changes are what is to be different. What is absent stays as it is.
type Changes struct {
	Username *Username           `json:"username"`
	Email    *Email              `json:"email"`
	Password *auth.Password      `json:"password"`
	Bio      *string             `json:"bio" maxlen:"2000"`
	Image    runtime.Opt[string] `json:"image,omitzero" maxlen:"2000"` // null: none
}

// Update changes the user who is logged in.
//
//bggen:route PUT /user
//bggen:param user body=user
//bggen:answers 409="the username or the email is taken"
func Update(ctx context.Context, db *sql.DB, me auth.User, user Changes) (Answer, error) {
	var hash []byte
	if user.Password != nil {
		var err error
		if hash, err = user.Password.Hash(); err != nil {
			return Answer{}, err
		}
	}
	image, _ := user.Image.Get()
	err := db.QueryRowContext(ctx, `
		UPDATE OR IGNORE users SET
			username = ifnull(?, username), email = ifnull(?, email), password_hash = ifnull(?, password_hash),
			bio = ifnull(?, bio), image = iif(?, nullif(?, ''), image)
		WHERE id = ? RETURNING id`,
		user.Username, user.Email, hash, user.Bio, !user.Image.IsZero(), image, me.ID).Scan(&me.ID)
	if err != nil {
		return Answer{}, app.OrConflict(err, "the username or the email is taken")
	}
	return find(ctx, db, me.ID, me.Token)
}
