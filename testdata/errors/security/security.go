// Package security says of credentials what cannot be.
package security

import "github.com/bggen/bggen/runtime/auth"

type User struct{}

//bggen:guard
//bggen:security oauth2
func None(b auth.Bearer) error { return nil }

//bggen:guard
//bggen:security basic password
func Other(b auth.Bearer) error { return nil }

//bggen:guard
//bggen:security oauth2 authorisationCode authorize=https://id.example/authorize token=https://id.example/token
func Flow(b auth.Bearer) error { return nil }

//bggen:guard
//bggen:security oauth2 authorizationCode authorize=https://id.example/authorize
//bggen:security oauth2 implicit authorize=https://id.example/authorize token=https://id.example/token
//bggen:security oauth2 password token=id.example/token
//bggen:security oauth2 clientCredentials token=/token scope=all
func Addresses(b auth.Bearer) error { return nil }

//bggen:guard
//bggen:security openIdConnect id.example
func OpenID(b auth.Bearer) error { return nil }

//bggen:guard
//bggen:security openIdConnect https://id.example/.well-known/openid-configuration token=/token
//bggen:security oauth2 password token=/token
func Both(b auth.Bearer) error { return nil }

//bggen:guard
//bggen:scopes read read "=all"
func Scopes(b auth.Bearer) error { return nil }

//bggen:route GET /
//bggen:security oauth2 password token=/token
//bggen:scopes read
//bggen:depends Scopes
func Home() error { return nil }

//bggen:scopes read
func Nothing() int { return 0 }
