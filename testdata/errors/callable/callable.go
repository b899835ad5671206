package callable

//bggen:handler
func init() {}

//bggen:handler
func _() {}

//bggen:route GET /missing
func (m *Missing) Get() {}
