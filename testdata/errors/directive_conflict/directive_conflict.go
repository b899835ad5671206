//bggen:strict
//bggen:strict
package directive_conflict

type T struct{}

//bggen:provide
//bggen:route GET /both
func Both() T { return T{} }

//bggen:handler
//bggen:handler
func Same() {}

//bggen:route GET /a status=200
//bggen:route GET /b status=202
func Options() string { return "" }
