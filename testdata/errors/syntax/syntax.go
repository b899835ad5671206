package syntax

//bggen:route GET /x
func X( {}
