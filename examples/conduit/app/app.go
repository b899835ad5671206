// Package app has what all packages of the service share: the app struct, the
// transaction of a request, and the pages of lists.
package app

import (
	"context"
	"database/sql"
	"net/http"

	"github.com/bggen/bggen/runtime"
)

// App is what lives as long as the program. Handlers, guards and tasks are given
// its fields by their types. Its guards are those of every handler of every package
// that uses it: whoever writes a new one need not think of them.
//
//bggen:app
//bggen:depends RateLimit
//bggen:depends github.com/bggen/bggen/examples/conduit/auth.RequireUser
type App struct {
	DB            *sql.DB
	Outbox        Outbox
	Mailer        Mailer
	Limiter       *Limiter // of all requests
	LoginLimiter  *Limiter // of logins
	AdminPassword string
	TasksPage     http.Handler
}

// Health answers 204 as long as the database does.
//
//bggen:route GET /health
//bggen:without RateLimit
//bggen:without github.com/bggen/bggen/examples/conduit/auth.RequireUser
//bggen:answers 503
func Health(ctx context.Context, db *sql.DB) error {
	if err := db.PingContext(ctx); err != nil {
		return runtime.Unavailable("the database does not answer", err)
	}
	return nil
}
