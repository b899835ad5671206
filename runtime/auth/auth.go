// Package auth reads the credentials of a request. A parameter of type [Bearer]
// or [Basic] is enough: a request without the credentials is answered with 401
// and the header WWW-Authenticate, before anything else is read. Who the user is,
// and what the user may do, is for a guard of yours to say:
//
//	//bggen:guard
//	func RequireUser(ctx context.Context, token auth.Bearer, db *sql.DB) (User, error) {
//		user, err := userOf(ctx, db, string(token))
//		if errors.Is(err, sql.ErrNoRows) {
//			return User{}, token.Invalid()
//		}
//		return user, err
//	}
//
// A handler that takes a User is then guarded. Take *auth.Bearer where a request
// may come without a token: it is nil then.
//
// An [APIKey] comes from the header, the query parameter or the cookie that a
// directive names:
//
//	//bggen:guard
//	//bggen:param key header=X-Api-Key
//	func RequireClient(key auth.APIKey) (Client, error)
//
// The package holds no users and checks no signatures. Compare secrets with
// [Equal], or with the method of that name, which takes the same time whether
// they differ early or late.
package auth

import (
	"crypto/sha256"
	"crypto/subtle"
	"net/http"
	"strings"

	"github.com/bggen/bggen/runtime"
)

// Bearer is the token of the header "Authorization: Bearer TOKEN" (RFC 6750).
type Bearer string

// RequireBearer makes a Bearer, or answers with 401.
//
//bggen:guard
//bggen:answers 401
//bggen:param authorization header=Authorization
func RequireBearer(authorization *string) (Bearer, error) {
	token := bearerOf(authorization)
	if token == nil {
		return "", unauthorized("a bearer token is required", "Bearer")
	}
	return *token, nil
}

// OptionalBearer makes a *Bearer, which is nil if the request has none.
//
//bggen:guard
//bggen:param authorization header=Authorization
func OptionalBearer(authorization *string) *Bearer { return bearerOf(authorization) }

func bearerOf(authorization *string) *Bearer {
	if authorization == nil {
		return nil
	}
	scheme, token, _ := strings.Cut(*authorization, " ")
	token = strings.TrimSpace(token)
	if !strings.EqualFold(scheme, "Bearer") || token == "" {
		return nil
	}
	return (*Bearer)(&token)
}

// Equal reports whether b is the token, in constant time.
func (b Bearer) Equal(token string) bool { return Equal(string(b), token) }

// Invalid returns the error for a token that is unknown, expired or revoked: it
// is answered with 401.
func (b Bearer) Invalid() error {
	return unauthorized("the bearer token is not valid", `Bearer error="invalid_token"`)
}

// Basic is the user name and the password of the header "Authorization: Basic"
// (RFC 7617).
type Basic struct {
	Username, Password string
}

// RequireBasic makes a Basic, or answers with 401.
//
//bggen:guard
//bggen:answers 401
//bggen:param authorization header=Authorization
func RequireBasic(authorization *string) (Basic, error) {
	b := OptionalBasic(authorization)
	if b == nil {
		return Basic{}, unauthorized("a user name and a password are required", basicChallenge)
	}
	return *b, nil
}

// OptionalBasic makes a *Basic, which is nil if the request has none.
//
//bggen:guard
//bggen:param authorization header=Authorization
func OptionalBasic(authorization *string) *Basic {
	if authorization == nil {
		return nil
	}
	r := http.Request{Header: http.Header{"Authorization": {*authorization}}}
	username, password, ok := r.BasicAuth()
	if !ok {
		return nil
	}
	return &Basic{username, password}
}

const basicChallenge = `Basic realm="restricted", charset="UTF-8"`

// Equal reports whether b holds this user name and this password, in constant
// time.
func (b Basic) Equal(username, password string) bool {
	sameUser, samePassword := Equal(b.Username, username), Equal(b.Password, password)
	return sameUser && samePassword
}

// Invalid returns the error for a wrong user name or password: it is answered
// with 401.
func (b Basic) Invalid() error {
	return unauthorized("the user name or the password is wrong", basicChallenge)
}

// APIKey is a key in a header, a query parameter or a cookie, which a
// //bggen:param directive names. A request without it is answered with 401.
type APIKey string

// Missing returns the error of a request without a key. Generated code calls it.
func (k APIKey) Missing() error { return unauthorized("an API key is required", "ApiKey") }

// Invalid returns the error for a key that is unknown or revoked: it is answered
// with 401.
func (k APIKey) Invalid() error { return unauthorized("the API key is not valid", "ApiKey") }

// Equal reports whether k is the key, in constant time.
func (k APIKey) Equal(key string) bool { return Equal(string(k), key) }

// Equal reports whether two secrets are the same. It takes the same time
// wherever they differ, and whatever their lengths.
func Equal(a, b string) bool {
	x, y := sha256.Sum256([]byte(a)), sha256.Sum256([]byte(b))
	return subtle.ConstantTimeCompare(x[:], y[:]) == 1
}

// unauthorized is the error that is answered with 401 and a challenge, which RFC
// 9110, section 11.6.1, requires.
func unauthorized(detail, challenge string) error {
	return &runtime.Problem{Status: http.StatusUnauthorized, Detail: detail, Header: http.Header{"Www-Authenticate": {challenge}}}
}
