// Package embedded has an app struct of its own around that of another package.
//
//bggen:use github.com/bggen/bggen/testdata/ok/uses/core
package embedded

import (
	"github.com/bggen/bggen/testdata/ok/uses/auth"
	"github.com/bggen/bggen/testdata/ok/uses/core"
)

// App embeds the other one, and adds a service.
//
//bggen:app
type App struct {
	*core.App
	Audits *auth.Service
}

// Audited needs a method of a field.
//
//bggen:route GET /audited
func Audited(a auth.Audit, clock core.Clock) string { return string(a) + " " + clock.Now() }
