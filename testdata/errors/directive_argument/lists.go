package directive_argument

//bggen:route GET /lists emptylists
func NoLists() struct{ N *int } { return struct{ N *int }{} }

//bggen:route GET /text emptylists
func NoJSON() string { return "" }
