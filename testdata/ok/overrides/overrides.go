// Package overrides has providers that tests replace, at every depth.
package overrides

import (
	"fmt"
	"net/http"

	"github.com/bggen/bggen/runtime"
)

// App has fields that only some providers need.
//
//bggen:app
type App struct {
	DB  *DB
	Log *Log
}

// DB is a database that counts its sessions.
type DB struct{ Sessions int }

// Log holds lines.
type Log struct{ Lines []string }

// Session is what both stores share.
type Session struct{ Name string }

// NewSession opens a session, and settles it.
//
//bggen:provide
//bggen:param tenant header=X-Tenant
func NewSession(db *DB, tenant string) (*Session, func(error) error, error) {
	db.Sessions++
	return &Session{tenant}, func(error) error { return nil }, nil
}

// Users is made of the session.
type Users struct{ From string }

// NewUsers needs the session.
//
//bggen:provide
func NewUsers(s *Session) Users { return Users{s.Name} }

// Orders is, too.
type Orders struct{ From string }

// NewOrders needs the session, and a page.
//
//bggen:provide
func NewOrders(s *Session, page Page) (Orders, error) {
	return Orders{fmt.Sprint(s.Name, page.Number)}, nil
}

// Page is read from the query.
type Page struct {
	Number int `query:"page" default:"1" min:"1"`
}

// Member is who asks.
type Member string

// RequireMember takes the shop of the path, as the handlers do.
//
//bggen:provide
//bggen:param token header=Authorization
func RequireMember(shop, token string) (Member, error) {
	if token != "let me in" {
		return "", &runtime.Problem{Status: http.StatusUnauthorized}
	}
	return Member("member of " + shop), nil
}

// Audit writes to the log, and is needed by nobody else.
type Audit struct{ log *Log }

// NewAudit needs the log.
//
//bggen:provide
func NewAudit(log *Log) *Audit { return &Audit{log} }

// Trail needs the audit.
type Trail struct{ audit *Audit }

// NewTrail is two steps away from the handler.
//
//bggen:provide
//bggen:depends Refuse
func NewTrail(audit *Audit, q *int) (*Trail, error) { return &Trail{audit}, nil }

// Refuse guards the trail.
func Refuse(refuse bool) error {
	if refuse {
		return &runtime.Problem{Status: http.StatusForbidden}
	}
	return nil
}

// Both needs two stores of one session.
//
//bggen:route GET /shops/{shop}/both
//bggen:depends RequireMember
func Both(shop string, m Member, users Users, orders Orders) string {
	return fmt.Sprint(shop, "|", m, "|", users.From, "|", orders.From)
}

// One needs one store, and the page by itself.
//
//bggen:route GET /one
func One(users Users, page Page) string { return fmt.Sprint(users.From, page.Number) }

// Direct needs the session itself.
//
//bggen:route GET /direct
func Direct(s *Session, orders Orders) string { return s.Name + orders.From }

// Walk needs the trail.
//
//bggen:route GET /walk
func Walk(trail *Trail, bg *runtime.BackgroundTasks) string {
	if trail.audit == nil {
		return "no audit"
	}
	trail.audit.log.Lines = append(trail.audit.log.Lines, "walked")
	return "walked"
}
