// Package cyclic imports the one that means to use it.
package cyclic

import (
	"github.com/bggen/bggen/testdata/errors/imports"
	"github.com/bggen/bggen/testdata/errors/imports/home"
)

// App is one.
var App imports.App

// Check is a guard.
func Check() error { return nil }

// CountVisits makes what is defined elsewhere.
//
//bggen:provide
func CountVisits() home.Visits { return 1 }
