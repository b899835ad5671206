package bad_result

import (
	"net/http"
	"time"

	"github.com/bggen/bggen/runtime"
)

//bggen:route GET /two
func Two() (int, string) { return 0, "" }

//bggen:route GET /handler status=201
func Handler() http.Handler { return nil }

//bggen:route GET /within
func Within() runtime.Response[http.Handler] { panic(0) }

//bggen:route GET /channel
func Channel() chan int { return nil }

//bggen:route GET /nobody status=204
func Nobody() string { return "" }

type Callback struct{ F func() }

//bggen:route GET /func
func Func() Callback { return Callback{} }

//bggen:route GET /errors
func Errors() (error, error) { return nil, nil }

//bggen:route GET /error-type
func ErrorType() *http.MaxBytesError { return nil }

type Stamp time.Time

type Entry struct{ At Stamp }

//bggen:route GET /hidden
func Hidden() []Entry { return nil }
