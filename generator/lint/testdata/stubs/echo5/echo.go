// Package echo has what the cases need of the real one.
package echo

import "net/http"

// Context is of one request, and then of another.
type Context struct{}

// Request is the request.
func (*Context) Request() *http.Request { return nil }
