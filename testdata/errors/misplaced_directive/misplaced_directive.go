package misplaced_directive

//bggen:route GET /type
type T struct{}

//bggen:provide
var V = 1

//bggen:route GET /blank

func Blank() {}

//bggen:handler

// Comment is a function with a doc comment of its own.
func Comment() {
	//bggen:task
}
