// Package cors lets pages of other origins call this service.
//
// CORS is about whole paths and not about one handler: a browser asks first, with a
// request for OPTIONS. So it is middleware around the mux, as in any net/http program.
package cors

import (
	"net/http"
	"slices"
	"strings"
)

// Allow answers preflight requests, and allows pages of these origins to read answers.
// Use it as
//
//	server.Handler = cors.Allow([]string{"https://shop.example"}, mux)
func Allow(origins []string, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		header := w.Header()
		header.Add("Vary", "Origin") // a cache must not give one origin's answer to another
		origin := r.Header.Get("Origin")
		if !slices.Contains(origins, origin) {
			next.ServeHTTP(w, r)
			return
		}
		header.Set("Access-Control-Allow-Origin", origin)
		header.Set("Access-Control-Allow-Credentials", "true") // cookies; leave it out if you use none
		if r.Method != http.MethodOptions || r.Header.Get("Access-Control-Request-Method") == "" {
			next.ServeHTTP(w, r)
			return
		}
		header.Set("Access-Control-Allow-Methods", strings.Join([]string{"GET", "POST", "PUT", "PATCH", "DELETE"}, ", "))
		header.Set("Access-Control-Allow-Headers", "Authorization, Content-Type")
		header.Set("Access-Control-Max-Age", "3600")
		w.WriteHeader(http.StatusNoContent)
	})
}

// Hello is a handler to try it with.
//
//bggen:route PUT /hello
func Hello() string { return "hello" }
