// Package auth says who sends a request, for all packages of the service.
package auth

import (
	"net/http"

	"github.com/bggen/bggen/runtime"
)

// App is what the service has.
//
//bggen:app
//bggen:depends RateLimit
type App struct {
	Limit *Limiter
}

// Limiter refuses everything once Closed is set.
type Limiter struct{ Closed bool }

// RateLimit guards every handler that uses App.
func RateLimit(l *Limiter) error {
	if l.Closed {
		return &runtime.Problem{Status: http.StatusTooManyRequests}
	}
	return nil
}

// User is who sends a request.
type User struct{ Name string }

// RequireUser is a guard: a User in a signature is enough to refuse strangers.
//
//bggen:guard
//bggen:param token header=Authorization
func RequireUser(token *string) (User, error) {
	if token == nil {
		return User{}, &runtime.Problem{Status: http.StatusUnauthorized, Header: http.Header{"WWW-Authenticate": {"Bearer"}}}
	}
	return User{*token}, nil
}

// Admin is a User who may do everything.
type Admin User

// RequireAdmin is a guard that needs another one.
//
//bggen:guard
var RequireAdmin = require("admin")

func require(name string) func(User) (Admin, error) {
	return func(u User) (Admin, error) {
		if u.Name != name {
			return Admin{}, &runtime.Problem{Status: http.StatusForbidden}
		}
		return Admin(u), nil
	}
}

// CheckOrigin is a guard that makes no value.
//
//bggen:guard
//bggen:param origin header=Origin
func CheckOrigin(origin *string) error {
	if origin != nil && *origin != "https://shop.example" {
		return &runtime.Problem{Status: http.StatusForbidden, Detail: "the origin is not ours"}
	}
	return nil
}
