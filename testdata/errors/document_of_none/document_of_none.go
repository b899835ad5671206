// Package document_of_none names a package, and no document.
//
//bggen:openapi-package ./admin
package document_of_none
