package two_packages

//bggen:route GET /
func Home() {}
