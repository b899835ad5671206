package main

import (
	_ "embed"
	"net/http"

	"github.com/bggen/bggen/examples/conduit/admin"
	"github.com/bggen/bggen/examples/conduit/app"
	"github.com/bggen/bggen/examples/conduit/articles"
	"github.com/bggen/bggen/examples/conduit/comments"
	"github.com/bggen/bggen/examples/conduit/mails"
	"github.com/bggen/bggen/examples/conduit/profiles"
	"github.com/bggen/bggen/examples/conduit/users"
	"github.com/bggen/bggen/runtime"
	"github.com/bggen/bggen/runtime/apidocs"
)

//go:embed openapi.json
var document []byte

// newService has all routes, and all tasks.
func newService(runner *runtime.Runner, a *app.App, opts ...runtime.Option) http.Handler {
	mux := http.NewServeMux()
	app.Register(mux, runner, a, opts...)
	users.Register(mux, runner, a, opts...)
	profiles.Register(mux, runner, a, opts...)
	articles.Register(mux, runner, a, opts...)
	comments.Register(mux, runner, a, opts...)
	admin.Register(mux, runner, a, opts...)
	registerTasks(runner, a)
	mux.Handle("/docs/", apidocs.Handler("/docs/", document))
	return mux
}

// registerTasks has runner know all tasks.
func registerTasks(runner *runtime.Runner, a *app.App) {
	mails.RegisterTasks(runner, a)
	users.RegisterTasks(runner, a)
}
