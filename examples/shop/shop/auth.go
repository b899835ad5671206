package shop

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"errors"
	"net/http"
	"strings"

	"github.com/bggen/bggen/runtime"
)

// User is who makes a request.
type User struct {
	ID    int64
	Name  string
	Email string
	Role  string // "customer" or "admin"
}

// RequireUser finds out by its token who makes a request. Handlers that name it as
// their guard answer 401 to a stranger before they look at anything else.
//
//bggen:provide
//bggen:param auth header=Authorization default=
func RequireUser(ctx context.Context, db *sql.DB, auth string) (u User, err error) {
	scheme, token, _ := strings.Cut(auth, " ")
	if !strings.EqualFold(scheme, "Bearer") {
		return u, errUnauthorized
	}
	hash := sha256.Sum256([]byte(token)) // who can read the database cannot log in
	err = db.QueryRowContext(ctx, `SELECT id, name, email, role FROM users WHERE token_hash = ?`, hash[:]).
		Scan(&u.ID, &u.Name, &u.Email, &u.Role)
	if errors.Is(err, sql.ErrNoRows) {
		err = errUnauthorized
	}
	return u, err
}

var errUnauthorized = &runtime.Problem{
	Status: http.StatusUnauthorized,
	Header: http.Header{"WWW-Authenticate": {"Bearer"}},
}

// RequireRole makes a guard.
func RequireRole(role string) func(User) error {
	return func(u User) error {
		if u.Role != role {
			return &runtime.Problem{Status: http.StatusForbidden, Detail: "this needs the role " + role}
		}
		return nil
	}
}

// AdminOnly is the guard of what only an admin may do.
var AdminOnly = RequireRole("admin")
