package runtime

import (
	"net/http"

	"github.com/bggen/bggen/runtime/internal/option"
)

// A Mux is what the generated functions Register add handlers to: an [http.ServeMux], a
// router of chi, or your own wrapper of one.
type Mux interface {
	Handle(pattern string, handler http.Handler)
}

// An Option changes the handlers that the generated functions make. The generated type
// Overrides of a package is an Option, too.
type Option interface{ option() }

// optionFunc is an Option that package adapter applies.
type optionFunc func(*option.Settings)

func (f optionFunc) option()                         {}
func (f optionFunc) Apply(settings *option.Settings) { f(settings) }

// WithErrorHandler makes f answer all requests that fail. Without it they are answered
// with a [Problem]. The error of a request whose values do not fit is a [*BindError]; that
// of a request for which the runner has no room contains a [*Problem] with status 503.
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

// WithAnyContentType has handlers read JSON bodies whatever the header Content-Type says.
// Without it a body that is sent as something else than JSON is refused with status 415.
// It is for clients that were written for services which do not look at the header, such
// as those that call json.NewDecoder(r.Body). Browsers let any page of the web send a body
// of type text/plain with the cookies of the user: only use it where that does no harm.
func WithAnyContentType() Option {
	return optionFunc(func(s *option.Settings) { s.AnyType = true })
}

// WithEncoder has encode write the results that are written as JSON without it, for a
// service that answers with XML, MessagePack or an envelope, or with what the header
// Accept of the request asks for. v is what the handler has returned, and status the
// status of the answer. What encode writes to w, its header, status and body, is sent
// when the request has succeeded as a whole; if encode returns an error, nothing of it is
// sent and the request fails with that error. Results that are no JSON without it, such
// as a string or an io.Reader, and errors (see [WithErrorHandler]) are written as before.
func WithEncoder(encode func(w http.ResponseWriter, r *http.Request, status int, v any) error) Option {
	return optionFunc(func(s *option.Settings) { s.Encode = encode })
}
