// Package fiber has what the cases need of the real one.
package fiber

import "context"

// Ctx is of one request, and then of another.
type Ctx interface {
	Params(string) string
	Context() context.Context
}
