package bad_result

import (
	"io"
	"net/http"
)

//bggen:route GET /two
func Two() (int, string) { return 0, "" }

//bggen:route GET /reader
func Reader() (io.Reader, error) { return nil, nil }

//bggen:route GET /handler
func Handler() http.Handler { return nil }

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
