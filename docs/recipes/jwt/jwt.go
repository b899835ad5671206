// Package jwt lets in requests with a signed token (JSON Web Token, RFC 7519).
//
// A guard reads the token of "Authorization: Bearer TOKEN", checks its signature, its
// issuer and its time, and makes the user of it. Handlers that take a User are guarded.
package jwt

import (
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/bggen/bggen/runtime/auth"
)

// App holds the key that tokens are signed with. With several services, use a public
// key (EdDSA or RS256) in those that only check.
//
//bggen:app
type App struct {
	Key []byte // 32 random bytes or more
}

// issuer keeps tokens of other programs out that know the same key.
const issuer = "https://shop.example"

// User is who has sent a request.
type User struct {
	ID   string
	Role string
}

// claims are the contents of a token.
type claims struct {
	jwt.RegisteredClaims
	Role string `json:"role"`
}

// RequireUser returns the user of a valid token.
//
//bggen:guard
func (a *App) RequireUser(token auth.Bearer) (User, error) {
	var c claims
	_, err := jwt.ParseWithClaims(string(token), &c,
		func(*jwt.Token) (any, error) { return a.Key, nil },
		jwt.WithValidMethods([]string{"HS256"}), // never what the token itself says
		jwt.WithIssuer(issuer),
		jwt.WithExpirationRequired(),
	)
	if err != nil {
		return User{}, token.Invalid() // 401
	}
	return User{ID: c.Subject, Role: c.Role}, nil
}

// Sign makes a token. Call it after you have checked a password.
func (a *App) Sign(u User, now time.Time) (string, error) {
	return jwt.NewWithClaims(jwt.SigningMethodHS256, claims{
		RegisteredClaims: jwt.RegisteredClaims{
			Issuer:    issuer,
			Subject:   u.ID,
			IssuedAt:  jwt.NewNumericDate(now),
			ExpiresAt: jwt.NewNumericDate(now.Add(15 * time.Minute)),
		},
		Role: u.Role,
	}).SignedString(a.Key)
}

// Me says who has sent the request.
//
//bggen:route GET /me
func Me(u User) string { return u.ID }
