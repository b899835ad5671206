// Package catalogue is taken for granted by structure.md.
//
//bggen:use example.com/platform
//bggen:depends example.com/users.RequireUser
package catalogue

import "database/sql"

// List lists.
//
//bggen:route GET /catalogue
func List(db *sql.DB) string { return "" }
