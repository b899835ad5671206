package invalid_type

//bggen:route GET /undefined
func Undefined(r Repo) {}

//bggen:route GET /result
func Result() (Order, error) { panic(0) }

//bggen:provide
func Provider() *Missing { return nil }

//bggen:task
func Task(m map[string]Gone) {}

//bggen:route POST /inside
func Inside(body struct{ A Absent }, f func(Absent)) {}
