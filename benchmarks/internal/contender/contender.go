// Package contender is the servers that are compared: the same two handlers by
// hand, through bggen, through the frameworks, and in FastAPI. Each is served
// by a process of its own.
package contender

import (
	"context"
	"net/http"
)

// A Contender is one way to write the handlers.
type Contender struct {
	Name string
	key  string       // how the process that serves it is told
	app  func() goApp // nil: FastAPI
	vars []string     // environment of its process, beside ours
}

// A goApp is a contender in Go.
type goApp struct {
	handler http.Handler
	attach  func(*http.Server)          // nil: nothing to do before serving
	drain   func(context.Context) error // nil: tasks are lost at the end of the process
}

// The contenders. Bare is the limit: hand-written net/http that starts its
// tasks with a go statement and promises nothing. Careful is what it takes by
// hand to keep the promises of bggen.
var (
	Bare    = Contender{Name: "by-hand", key: "bare", app: bareApp}
	Careful = Contender{Name: "same-promises", key: "careful", app: carefulApp}
	Bggen   = Contender{Name: "bggen", key: "bggen", app: bggenApp}
	Gin     = Contender{Name: "gin", key: "gin", app: ginApp}
	Echo    = Contender{Name: "echo", key: "echo", app: echoApp}
	Chi     = Contender{Name: "chi", key: "chi", app: chiApp}
	Huma    = Contender{Name: "huma", key: "huma", app: humaApp}

	// FastAPI as its tutorial is written: the task and the dependency are
	// functions that run in the thread pool.
	FastAPI = Contender{Name: "FastAPI", vars: []string{"STYLE=tutorial"}}

	// FastAPIAsync is FastAPI at its best: everything is async def.
	FastAPIAsync = Contender{Name: "FastAPI-async", vars: []string{"STYLE=async"}}
)

// All is every contender, the reference first.
func All() []Contender {
	return []Contender{Bare, Careful, Bggen, Gin, Echo, Chi, Huma, FastAPI, FastAPIAsync}
}
