// Package fiber has what the cases need of the real one.
package fiber

import "context"

// Ctx is of one request, and then of another.
type Ctx struct{}

// Params is a part of the path.
func (*Ctx) Params(string) string { return "" }

// UserContext is a context that does not end with the request.
func (*Ctx) UserContext() context.Context { return context.Background() }
