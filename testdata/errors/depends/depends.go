//
//bggen:depends NoSuch
//bggen:route GET /package
package depends

import "time"

type (
	A struct{}
	B struct{}
)

func MakeA() A { return A{} }

func Number() int { return 0 }

func Nothing() {}

//bggen:route GET /names
//bggen:depends MakA
//bggen:depends a=MakeA
//bggen:depends bb=MakeA
//bggen:depends b=MakeA
//bggen:depends Nothing
//bggen:depends n=Nothing
func Names(a A, b B, n int) {}

//bggen:route GET /arguments
//bggen:depends
//bggen:depends MakeA fresh
//bggen:depends a=MakeA again
func Arguments(a A) {}

//bggen:depends b=SecondB
func FirstB(b B) B { return b }

//bggen:depends b=FirstB
func SecondB(b B) B { return b }

//bggen:route GET /circle
//bggen:depends b=FirstB
func Circle(b B) {}

//bggen:route GET /specs/{id}
//bggen:param
//bggen:param limt default=1
//bggen:param id query=x default=a
//bggen:param when default=now
//bggen:param list cookie
//bggen:param list cookie
//bggen:param a query
//bggen:param h header
//bggen:param p path=no
//bggen:param o default=1 minimum=2
func Specs(id, limit int, when time.Time, list []string, a A, h, p string, o *int) {}

//bggen:param x query
func Role(x string) {}

func IsAdmin() bool { return false }

//bggen:route GET /admin
//bggen:depends IsAdmin
func Admin() {}
