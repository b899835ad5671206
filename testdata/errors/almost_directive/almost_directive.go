package almost_directive

// bggen:route GET /space
func Space() {}

//bggen: route GET /after
func After() {}

/*bggen:route GET /block*/
func Block() {}

//BGGEN:provide
func Upper() int { return 0 }

// bggen: brings background tasks; this is prose.
func Prose() {}
