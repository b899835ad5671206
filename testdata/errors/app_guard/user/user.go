// Package user uses the app struct.
//
//bggen:use github.com/bggen/bggen/testdata/errors/app_guard
package user

//bggen:route GET /a
func A() {}
