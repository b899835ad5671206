// Package credentials asks for what package auth reads.
package credentials

import "github.com/bggen/bggen/runtime/auth"

// User is who has sent a request.
type User string

// RequireUser knows one token.
//
//bggen:guard
func RequireUser(token auth.Bearer) (User, error) {
	if !token.Equal("secret") {
		return "", token.Invalid()
	}
	return "ann", nil
}

// Client is a program that has sent a request.
type Client string

// RequireClient knows one key.
//
//bggen:guard
//bggen:param key header=X-Api-Key
func RequireClient(key auth.APIKey) (Client, error) {
	if !key.Equal("k") {
		return "", key.Invalid()
	}
	return "client", nil
}

// Me is for users.
//
//bggen:route GET /me
func Me(limit int, u User) string { return string(u) }

// Who is for users and for others.
//
//bggen:route GET /who
func Who(token *auth.Bearer) string {
	if token == nil {
		return "nobody"
	}
	return string(*token)
}

// Login takes a password.
//
//bggen:route POST /login
func Login(b auth.Basic) (string, error) {
	if !b.Equal("ann", "pass") {
		return "", b.Invalid()
	}
	return b.Username, nil
}

// Run is for programs.
//
//bggen:route POST /run
func Run(limit int, c Client) string { return string(c) }

// Cookie takes a key from a cookie, if there is one.
//
//bggen:route GET /cookie
//bggen:param key cookie=key
func Cookie(key *auth.APIKey) bool { return key != nil && key.Equal("k") }
