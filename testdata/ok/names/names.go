// Package names has the names that generated code would like to use.
package names

import (
	"context"
	nethttp "net/http"

	rt "github.com/bggen/bggen/runtime"
)

// These would hide imports of the generated file.
var (
	http = 1
)

func runtime() int { return http }

// Awkward takes parameters that are called like what is around them.
//
//bggen:route GET /awkward/{x}/{err}/{app}/{opts}
func Awkward(x, err, app, opts string, runner int, string []string, Awkward *int, nil bool, bg *rt.BackgroundTasks) any {
	_ = runtime()
	return []any{x, err, app, opts, runner, string, Awkward, nil}
}

// Options is returned in a variable called options.
type Options struct{ A int }

// X is a provider's type; the provider's parameter is called like the result.
type X string

// MakeX shares nothing with the query of the handler but its name.
//
//bggen:provide
func MakeX(v *string) X {
	if v == nil {
		return "none"
	}
	return X(*v)
}

// Shadow takes a value called like a parameter of its provider.
//
//bggen:route GET /shadow
func Shadow(v X, options int) (Options, error) { return Options{options + len(v)}, nil }

// Spaced has parameters without names where none is needed.
//
//bggen:route GET /spaced
func Spaced(_ context.Context, _ X, w nethttp.ResponseWriter, _ *nethttp.Request) { w.WriteHeader(202) }

// Task has arguments called like what is around them.
//
//bggen:task
func Task(bg *rt.BackgroundTasks, ctx string, args int, opts bool, taskTask float64, über string) error {
	return nil
}

// Enqueue calls it.
//
//bggen:route POST /enqueue
func Enqueue(bg *rt.BackgroundTasks) { EnqueueTask(bg, "ctx", 1, true, 2, "ü") }
