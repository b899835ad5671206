//go:build !bggen_never

package constraint
