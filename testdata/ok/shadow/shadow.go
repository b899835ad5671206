// Package shadow has functions, types and imports that are called like the
// variables of the generated code.
package shadow

import (
	"fmt"

	"github.com/bggen/bggen/runtime"
	"github.com/bggen/bggen/testdata/ok/shadow/app"
	"github.com/bggen/bggen/testdata/ok/shadow/opts"
)

// Site is the receiver.
type Site struct{ Log chan string }

//bggen:route POST /app
func (s *Site) app(body app.Config) string { return body.Name }

//bggen:route POST /opts
func (s *Site) opts(body opts.Options) string { return body.Name }

type x struct {
	Name string `json:"name"`
}

//bggen:route POST /x
func (s *Site) x(body x, bg *runtime.BackgroundTasks) x {
	enqueueArgs(bg, s.Log != nil, body)
	return body
}

//bggen:route GET /runner
func runner(e err) string { return fmt.Sprint(e) }

//bggen:task
func args(s *Site, ctx bool, a x) { s.Log <- fmt.Sprint(ctx, a.Name) }

type err string

//bggen:provide
func mux(e second) (err, error) { return err(e) + "!", nil }

type second string

//bggen:provide
func ctx() (second, error) { return "second", nil }
