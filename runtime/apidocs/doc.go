// Package apidocs serves a page that shows an OpenAPI document and lets you try
// its operations.
//
//	//go:embed openapi.json
//	var spec []byte
//
//	mux.Handle("/docs/", apidocs.Handler("/docs/", spec))
//
// The page is swagger-ui 5. Its files are embedded in the program: the page loads
// nothing from other servers, and works without a network. It runs under a
// Content-Security-Policy that allows scripts and styles of its own origin alone.
//
// The document may be JSON or YAML. It is served beside the page, as
// /docs/openapi.json or /docs/openapi.yaml, for other programs that read it.
//
// Who tries an operation sends a real request to the server that the document
// names, or to the server of the page if the document names none. The page has
// no login. What you enter under "Authorize" is kept in the browser's storage
// until you log out there.
//
// The package is a module of its own, so that programs without the page do not
// carry it: it adds about 0.5 MB to a program. It uses the standard library alone.
package apidocs

//go:generate ./swaggerui/renew.sh
