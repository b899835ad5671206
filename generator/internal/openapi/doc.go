// Package openapi writes what packages serve as an OpenAPI 3.1 document: see
// docs/openapi.md. It reads resolved packages and the comments of their sources,
// and invents nothing: what cannot be known is among the notes of the result.
package openapi
