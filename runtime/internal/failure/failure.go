// Package failure holds the marks that a task may put on its error. Package
// runtime makes them, and package engine reads them.
package failure

import "time"

// Permanent marks an error for which another attempt is of no use.
type Permanent struct{ Err error }

func (p Permanent) Error() string { return p.Err.Error() }
func (p Permanent) Unwrap() error { return p.Err }

// RetryAfter marks an error whose next attempt is to wait.
type RetryAfter struct {
	Err   error
	After time.Duration
}

func (r RetryAfter) Error() string { return r.Err.Error() }
func (r RetryAfter) Unwrap() error { return r.Err }
