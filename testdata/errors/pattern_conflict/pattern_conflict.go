package pattern_conflict

//bggen:route GET /{x}/b
func XB(x string) {}

//bggen:route GET /a/{y}
func AY(y string) {}

//bggen:route POST /twice
func Once() {}

//bggen:route POST /twice
func Twice() {}
