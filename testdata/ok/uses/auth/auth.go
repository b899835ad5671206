// Package auth is the home of its types: nobody has to say that they use it.
package auth

import (
	"net/http"
	"slices"

	"github.com/bggen/bggen/runtime"
	"github.com/bggen/bggen/testdata/ok/uses/core"
)

// User is who asks.
type User struct{ Name string }

// RequireUser reads a header.
//
//bggen:provide
//bggen:param token header=Authorization
func RequireUser(token *string) (*User, error) {
	if token == nil {
		return nil, &runtime.Problem{Status: http.StatusUnauthorized}
	}
	return &User{*token}, nil
}

// AdminOnly is a guard, and a variable.
var AdminOnly = func(u *User, users *core.Users) error {
	if !slices.Contains(users.Admins, u.Name) {
		return &runtime.Problem{Status: http.StatusForbidden}
	}
	return nil
}

// Audit is made by a method of an app value.
type Audit string

// NewAudit needs the user, and is called on a field of the app struct.
//
//bggen:provide
//bggen:depends CheckAudit
func (s *Service) NewAudit(u *User) Audit { return Audit(s.Prefix + u.Name) }

// Service has a method that provides.
type Service struct{ Prefix string }

// CheckAudit guards the audit, wherever that is needed.
func CheckAudit(denied *bool) error {
	if denied != nil && *denied {
		return &runtime.Problem{Status: http.StatusTeapot}
	}
	return nil
}
