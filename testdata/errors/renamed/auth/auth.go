// Package auth has a function that was in another package.
package auth

import "net/http"

type User struct{ Name string }

//bggen:provide
func RequireUser(r *http.Request) (User, error) { return User{}, nil }
