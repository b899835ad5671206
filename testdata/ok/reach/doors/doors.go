// Package doors has only providers, and a guard on each.
package doors

import (
	"net/http"

	"github.com/bggen/bggen/runtime"
)

// MustKnock refuses everybody.
func MustKnock() error { return &runtime.Problem{Status: http.StatusUnauthorized} }

// Key opens a door.
type Key struct{}

// NewKey is guarded.
//
//bggen:provide
//bggen:depends MustKnock
func NewKey() Key { return Key{} }

// Lock is closed.
type Lock struct{}

// Turn turns it.
func (*Lock) Turn() {}

// NewLock is guarded.
//
//bggen:provide
//bggen:depends MustKnock
func NewLock(turns int) *Lock { return &Lock{} }
