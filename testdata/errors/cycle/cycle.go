package cycle

type (
	A struct{}
	B struct{}
	C struct{}
	D struct{}
)

//bggen:provide
func NewA(B) A { return A{} }

//bggen:provide
func NewB(C) B { return B{} }

//bggen:provide
func NewC(A) C { return C{} }

//bggen:provide
func NewD(D) D { return D{} }

//bggen:route GET /
func Home(a A, d D) {}
