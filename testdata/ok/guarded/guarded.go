// Package guarded has guards that are said once: on the app struct, on the
// package, and on the functions that refuse.
//
//bggen:prefix /v1/{org}
//bggen:use github.com/bggen/bggen/testdata/ok/guarded/auth
//bggen:depends auth.CheckOrigin
package guarded

import "github.com/bggen/bggen/testdata/ok/guarded/auth"

// Order is a body.
type Order struct {
	Item string `json:"item" required:"true"`
}

// Cart is what a provider makes of the user.
type Cart struct{ Owner string }

// NewCart needs the user, and has what needs it guarded.
//
//bggen:provide
func NewCart(u auth.User, page int) *Cart { return &Cart{u.Name} }

// Buy has the guard by its parameter.
//
//bggen:route POST /orders
func Buy(org string, body Order, u auth.User) string {
	return org + " sells " + body.Item + " to " + u.Name
}

// Look has the guard by what it needs.
//
//bggen:route GET /cart
func Look(limit int, c *Cart) string { return c.Owner }

// Delete is for admins.
//
//bggen:route DELETE /orders/{id}
func Delete(id int, _ auth.Admin) {}

// Health is for everybody, at any time, and with any method.
//
//bggen:route /health
//bggen:without auth.RateLimit
//bggen:without auth.CheckOrigin
func Health() string { return "ok" }

// Both is one handler for two methods.
//
//bggen:route GET,PUT /both/{name} status=202
func Both(name string) string { return name }

// ByHand has no route: its path says which wildcards there are.
//
//bggen:handler /items/{item}
func ByHand(item string) string { return item }
