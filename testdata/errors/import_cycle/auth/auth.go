// Package auth takes values of the app struct.
//
//bggen:use github.com/bggen/bggen/testdata/errors/import_cycle
package auth

//bggen:guard
func Check() error { return nil }

//bggen:task
func Sweep(old int) error { return nil }
