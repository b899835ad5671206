package client_input

import (
	"net/netip"
)

// UserID must come from somewhere that can be trusted.
type UserID int

//bggen:route GET /orders
func Orders(user UserID) {}

//bggen:route GET /optional
func Optional(user *UserID) {}

//bggen:route GET /address
func Address(from netip.Addr) {}

type Role string

//bggen:provide
func GetRole() *Role { return nil }

//bggen:route GET /role
func ByRole(role Role) {}

//bggen:route GET /roles
func ByRoles(roles []UserID) {}
