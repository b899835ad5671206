package own_constraint

//bggen:route GET /linux
func Linux() {}
