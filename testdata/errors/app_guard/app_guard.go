// Package app_guard has an app struct with a guard that other packages cannot
// call, and a prefix that stands in its routes already.
//
//bggen:prefix /v1
package app_guard

//bggen:app
//bggen:depends check
type App struct{ Name Name }

type Name string

func check(n Name) error { return nil }

//bggen:route GET /{a}/b
func A(a string) {}

//bggen:route GET /a/{b}
func B(b string) {}
