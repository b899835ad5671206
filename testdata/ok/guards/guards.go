// Package guards has a guard of all its handlers, and some of single ones.
//
//bggen:depends Count
package guards

import (
	"errors"
	"net/http"
	"slices"
	"sync/atomic"

	"github.com/bggen/bggen/runtime"
)

// Calls counts requests, and Secrets the secrets that were made.
var Calls, Secrets atomic.Int32

// Count is called before everything else.
func Count(bg *runtime.BackgroundTasks) error {
	Calls.Add(1)
	EnqueueNote(bg, "counted")
	return nil
}

// Noted is what the task has noted.
var Noted = make(chan string, 100)

// Note notes a line.
//
//bggen:task
func Note(line string) { Noted <- line }

// User is who asks.
type User struct{ Name, Role string }

// RequireUser reads who asks from a header.
//
//bggen:provide
//bggen:param token header=Authorization
func RequireUser(token *string) (User, error) {
	if token == nil {
		return User{}, &runtime.Problem{Status: 401, Header: http.Header{"WWW-Authenticate": {"Bearer"}}}
	}
	return User{*token, *token}, nil
}

// RequireRole makes a guard.
func RequireRole(role string) func(User) error {
	return func(u User) error {
		if u.Role != role {
			return &runtime.Problem{Status: http.StatusForbidden}
		}
		return nil
	}
}

// AdminOnly is one.
var AdminOnly = RequireRole("admin")

// Signed is the body of a request whose signature is right.
type Signed []byte

// CheckSignature reads the raw body, and a header.
//
//bggen:param signature header=X-Signature
func CheckSignature(body []byte, signature string) (Signed, error) {
	if string(body) != signature {
		return nil, &runtime.Problem{Status: 401, Title: "Bad signature"}
	}
	return body, nil
}

// Me needs the value of its guard.
//
//bggen:route GET /me/{id}
//bggen:depends RequireUser
func Me(id int, u User) any { return []any{id, u.Name} }

// Admin has two guards, one of which needs the other's value.
//
//bggen:route GET /admin
//bggen:depends RequireUser
//bggen:depends AdminOnly
func Admin(page int) int { return page }

// Hook is given what its guard has read, and reads the body as JSON as well.
//
//bggen:route POST /hook
//bggen:depends CheckSignature
func Hook(body []int, raw Signed) any { return []any{body, len(raw)} }

// Secret is made for each parameter.
type Secret int32

// NewSecret makes one.
//
//bggen:provide
func NewSecret() Secret { return Secret(Secrets.Add(1)) }

// Choose has sources by name: a wildcard of another name, defaults, a defined
// type, a cookie, a list of headers.
//
//bggen:route GET /choose/{item}
//bggen:param id path=item
//bggen:param limit default=20
//bggen:param lang query=language default=en
//bggen:param role query
//bggen:param session cookie
//bggen:param theme cookie=ui default=dark
//bggen:param accept header=Accept
//bggen:depends third=NewSecret fresh
//bggen:depends other=Doubled
func Choose(id int, limit int, lang string, role Role, session *string, theme string, accept []string, first, second, third, other Secret) any {
	return []any{id, limit, lang, role, session, theme, accept, first == second, third - first, other == 2*third}
}

// Role is a defined type that the client may fill here, as the directive says.
type Role string

// Doubled makes a secret of a secret.
//
//bggen:depends s=NewSecret fresh
func Doubled(s Secret) Secret { return 2 * (s - 1) }

// Guarded has a guard of its own.
type Guarded struct{}

// NewGuarded is refused where its guard refuses.
//
//bggen:provide
//bggen:depends Refuse
func NewGuarded() Guarded { return Guarded{} }

// Refuse refuses if it is told to.
func Refuse(refuse *bool) error {
	if refuse != nil && *refuse {
		return errors.Join(&runtime.Problem{Status: 423})
	}
	return nil
}

// Behind needs what is guarded.
//
//bggen:route GET /behind
func Behind(g Guarded) []string { return slices.Clone([]string{"behind"}) }
