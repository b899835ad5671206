package adapter

import (
	"net/http"

	"github.com/bggen/bggen/runtime"
)

// CheckMux panics if mux is a chi router. Register calls it where a pattern ends
// in a slash, in {$} or in a wildcard for the rest of a path: chi takes such
// patterns, and serves other URLs with them.
func CheckMux(mux runtime.Mux) {
	if _, chi := mux.(interface {
		Method(method, pattern string, h http.Handler)
	}); chi {
		panic("adapter: chi reads patterns that end in a slash, in {$} or in {name...} otherwise than net/http: register with routers.Chi.Mux of github.com/bggen/bggen/runtime/routers")
	}
}
