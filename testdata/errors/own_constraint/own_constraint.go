package own_constraint

//bggen:route GET /always
func Always() {}
