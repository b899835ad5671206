package unknown_directive

//bggen:rout GET /near
func Near() {}

//bggen:inject
func Far() {}
