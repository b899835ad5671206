package foreign_file

//bggen:route GET /
func Home() {}
