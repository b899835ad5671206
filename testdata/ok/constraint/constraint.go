//go:build !bggen_never

// Package constraint has a build constraint in all its files.
package constraint

//bggen:route GET /constraint
func Home() string { return "built" }
