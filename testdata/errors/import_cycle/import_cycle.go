// Package import_cycle has an app struct with a guard of a package that uses it.
package import_cycle

// App is guarded.
//
//bggen:app
//bggen:depends github.com/bggen/bggen/testdata/errors/import_cycle/auth.Check
type App struct{ Key Key }

// Key is a field of it.
type Key struct{ text string }

//bggen:route GET /cycle/health
func Health() {}
