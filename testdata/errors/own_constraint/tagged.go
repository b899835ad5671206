//go:build !bggen_never

package own_constraint

//bggen:route GET /tagged
func Tagged() {}
