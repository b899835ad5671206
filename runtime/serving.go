package runtime

import (
	"net/http"

	"github.com/bggen/bggen/runtime/internal/option"
)

// Mux is where generated code registers handlers: *http.ServeMux, a chi router,
// or a wrapper of one's own.
type Mux interface {
	Handle(pattern string, handler http.Handler)
}

// An Option changes the handlers that a generated constructor or Register
// makes. The Overrides of a generated package are one, too.
type Option interface{ option() }

// optionFunc is an Option that package adapter applies.
type optionFunc func(*option.Settings)

func (f optionFunc) option()                         {}
func (f optionFunc) Apply(settings *option.Settings) { f(settings) }

// WithErrorHandler has f answer every request that fails, in place of a problem
// document. Values that could not be bound come as a [*BindError]; a request
// for which there was no room as a [*Problem] with status 503.
func WithErrorHandler(f func(http.ResponseWriter, *http.Request, error)) Option {
	return optionFunc(func(s *option.Settings) { s.OnError = f })
}

// WithPathValues has f find the values of path wildcards, in place of
// [http.Request.PathValue]. It is for routers that keep them somewhere else:
//
//	runtime.WithPathValues(func(r *http.Request, name string) string { return mux.Vars(r)[name] })
//
// Package runtime/routers registers handlers with such routers without it.
func WithPathValues(f func(r *http.Request, name string) string) Option {
	return optionFunc(func(s *option.Settings) { s.PathValue = f })
}
