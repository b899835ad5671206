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

//bggen handler
func NoColon() {}

//bggen-handler
func Dash() {}

///bggen:handler
func Slashes() {}

//bggen:
func NoName() {}

/*
Lines is in a block.

bggen:handler
*/
func Lines() {}

// bggen generates what is around handlers, and bggen-handler is no word.
func MoreProse() {}
