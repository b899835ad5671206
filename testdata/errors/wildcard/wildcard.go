package wildcard

import (
	"net/http"
)

//bggen:route GET /shops/{shop}
func None() {}

//bggen:route GET /orders/{ordr}
func Near(order int) {}

type Point struct{ X, Y int }

//bggen:route GET /points/{point}
func NotText(point Point) {}

//bggen:route GET /users/{id}
//bggen:route GET /me
func SomeRoutes(id int) {}

// ByItself has the request, and can read the wildcard from it.
//
//bggen:route GET /files/{path...}
func ByItself(w http.ResponseWriter, r *http.Request) {}

//bggen:route GET /maybe/{id}
func Maybe(r *http.Request, id *string) {}

//bggen:route GET /many/{id}
func Many(id []int) {}

//bggen:route GET /keyword/{type}
func Keyword() {}
