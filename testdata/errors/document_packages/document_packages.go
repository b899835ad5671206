// Package document_packages names a directory without a package.
//
//bggen:openapi openapi.json
//bggen:openapi-package ./none
package document_packages

//bggen:route GET /none
func None() {}
