// Package providers has providers that need providers.
package providers

import (
	"errors"
	"net/http"
	"sync/atomic"

	"github.com/bggen/bggen/runtime"
)

// Calls counts the calls of NewRepo.
var Calls atomic.Int32

// Repo is needed twice in one request, and made once.
type Repo struct{ Shop string }

// NewRepo takes a wildcard of the route.
//
//bggen:provide
func NewRepo(shop string) *Repo {
	Calls.Add(1)
	return &Repo{shop}
}

// User may be refused.
type User struct{ Name string }

// ErrNobody has a status.
var ErrNobody = &runtime.Problem{Status: http.StatusUnauthorized, Header: http.Header{"WWW-Authenticate": {"Basic"}}}

// GetUser reads the request, and needs a repo.
//
//bggen:provide
func GetUser(r *http.Request, repo *Repo, bg *runtime.BackgroundTasks) (User, error) {
	name, _, ok := r.BasicAuth()
	if !ok {
		return User{}, ErrNobody
	}
	if name == "mallory" {
		return User{}, errors.New("secret reason")
	}
	return User{name + "@" + repo.Shop}, nil
}

// Limit is a value of the query with a default.
type Limit int

// GetLimit takes a value of the query.
//
//bggen:provide
func GetLimit(limit *int) Limit {
	if limit == nil {
		return 10
	}
	return Limit(*limit)
}

// Show needs all of them, and a value of its own that is bound before any
// provider is called.
//
//bggen:route GET /shops/{shop}/{page}
func Show(user User, repo *Repo, page int, limit Limit) any {
	return []any{user.Name, repo.Shop, page, limit}
}
