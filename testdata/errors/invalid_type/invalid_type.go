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

var Guard = func(p Unknown) error { return nil }

func makeGuard() func() Nothing { return nil }

var BadGuard = makeGuard()

//bggen:route GET /guarded
//bggen:depends Guard
//bggen:depends BadGuard
func Guarded() {}
