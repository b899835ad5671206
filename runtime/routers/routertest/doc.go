// Package routertest serves the same routes with routers that people use, and
// compares them with http.ServeMux. It is a module of its own, so that nobody
// pays for the routers.
package routertest
