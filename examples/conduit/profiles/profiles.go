// Package profiles has what users see of each other, and who follows whom.
//
//bggen:prefix /api
//bggen:use github.com/bggen/bggen/examples/conduit/app
package profiles

import (
	"context"
	"database/sql"

	"github.com/bggen/bggen/examples/conduit/app"
	"github.com/bggen/bggen/examples/conduit/auth"
)

// Profile is what a viewer sees of a user.
type Profile struct {
	Username  string  `json:"username"`
	Bio       string  `json:"bio"`
	Image     *string `json:"image"`
	Following bool    `json:"following"` // the viewer follows this user
}

// Answer has a profile.
type Answer struct {
	Profile Profile `json:"profile"`
}

// find reads a profile, as the user with the number viewer sees it.
func find(ctx context.Context, db app.Querier, username string, viewer int64) (Answer, error) {
	p := Profile{Username: username}
	err := db.QueryRowContext(ctx, `
		SELECT bio, image, EXISTS (SELECT 1 FROM follows WHERE follower = ? AND followed = id)
		FROM users WHERE username = ?`, viewer, username).Scan(&p.Bio, &p.Image, &p.Following)
	return Answer{p}, app.OrNotFound(err)
}

// Show shows a profile.
//
//bggen:route GET /profiles/{username}
//bggen:without auth.RequireUser
//bggen:answers 404
func Show(ctx context.Context, db *sql.DB, viewer auth.Viewer, username string) (Answer, error) {
	return find(ctx, db, username, viewer.ID)
}

// Follow has the user see what another one writes.
//
//bggen:route POST /profiles/{username}/follow
//bggen:answers 404
func Follow(ctx context.Context, tx *sql.Tx, me auth.User, username string) (Answer, error) {
	_, err := tx.ExecContext(ctx, `INSERT OR IGNORE INTO follows SELECT ?, id FROM users WHERE username = ?`, me.ID, username)
	if err != nil {
		return Answer{}, err
	}
	return find(ctx, tx, username, me.ID)
}

// Unfollow ends that.
//
//bggen:route DELETE /profiles/{username}/follow
//bggen:answers 404
func Unfollow(ctx context.Context, tx *sql.Tx, me auth.User, username string) (Answer, error) {
	_, err := tx.ExecContext(ctx, `
		DELETE FROM follows WHERE follower = ? AND followed = (SELECT id FROM users WHERE username = ?)`, me.ID, username)
	if err != nil {
		return Answer{}, err
	}
	return find(ctx, tx, username, me.ID)
}
