// Package app has an app struct, and the one that uses it has its own.
package app

// App is one.
//
//bggen:app
type App struct{}
