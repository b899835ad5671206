// Package accident is about what must not become the client's by accident.
//
//bggen:depends Auth
package accident

import "github.com/bggen/bggen/runtime"

type UserID string

//bggen:provide
func RequireUser() (UserID, error) { return "", nil }

//bggen:route GET /provided
//bggen:param id maxlen=30
func Provided(id UserID) {}

type Free string

//bggen:route GET /defined
//bggen:param f minlen=1
func Defined(f Free) {}

//bggen:route POST /body
//bggen:param body maxlen=3
func Body(body string) {}

func Auth(q string) error { return nil }

//bggen:task
//bggen:depends Auth
func Task() {}

type S interface{ Do() }

type Impl struct{}

func (Impl) Do() {}

//bggen:provide
func NewImpl(q string) Impl { return Impl{} }

//bggen:task
//bggen:param n max=3
func Implemented(s S, n int) {}

type K struct{}

func One() (K, error) { return K{}, nil }

func Two() (K, error) { return K{}, nil }

//bggen:route GET /two
//bggen:depends One
//bggen:depends Two
func TwoGuards(k K) {}

//bggen:route GET /twice
//bggen:depends k=One
//bggen:depends k=Two
//bggen:param k query
//bggen:param bg query
func Twice(k K, bg *runtime.BackgroundTasks) {}

var Variadic = func(roles ...string) error { return nil }

//bggen:route GET /variadic
//bggen:depends Variadic
func Guarded() {}

//bggen:route GET /default
//bggen:param a default=200 max=100
//bggen:param b default=x enum=a|b
//bggen:param c enum=a|a
//bggen:param d minlen=0
//bggen:param e min=NaN
func Default(a int, b, c, d string, e float64) {}

//bggen:route GET /pointer
func Pointer() *runtime.Response[string] { return nil }
