// Package orders is taken for granted by structure.md.
//
//bggen:use example.com/platform
//bggen:depends example.com/users.RequireUser
package orders

import "database/sql"

// List lists.
//
//bggen:route GET /orders
func List(db *sql.DB) string { return "" }
