// Package predeclared gives names of Go another meaning.
package predeclared

// error is what went wrong.
type error struct{}

const nil = 0

func len(s string) int { return 0 }

// min is no name that generated code needs.
func min(a, b int) int { return a }

//bggen:route GET /
func Home() string { return "" }
