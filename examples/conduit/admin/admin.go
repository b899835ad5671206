// Package admin is for those who run the service.
//
//bggen:prefix /admin
//bggen:use github.com/bggen/bggen/examples/conduit/app
//bggen:depends RequireAdmin
package admin

import (
	"net/http"

	"github.com/bggen/bggen/examples/conduit/app"
	"github.com/bggen/bggen/runtime/auth"
)

// RequireAdmin refuses everybody as long as there is no password.
//
//bggen:guard
//bggen:answers 401
func RequireAdmin(login auth.Basic, a *app.App) error {
	if a.AdminPassword == "" || !login.Equal("admin", a.AdminPassword) {
		return login.Invalid()
	}
	return nil
}

// Tasks shows the tasks that wait, run and have failed.
//
//bggen:route /tasks/ hidden
//bggen:without github.com/bggen/bggen/examples/conduit/auth.RequireUser
func Tasks(a *app.App) http.Handler { return http.StripPrefix("/admin/tasks", a.TasksPage) }
