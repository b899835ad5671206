// Package document asks for documents that cannot be.
//
//bggen:openapi docs/openapi.json
//bggen:openapi openapi.txt
//bggen:openapi openapi.json server=
//bggen:openapi other.json
//bggen:openapi-package admin
//bggen:openapi-package ./admin admin/
//bggen:openapi-package ./admin
//bggen:openapi-package ./admin /twice
package document

//bggen:route GET /
//bggen:answers 200 404 404 teapot
func Home() error { return nil }

//bggen:answers 404
func Nothing() int { return 0 }
