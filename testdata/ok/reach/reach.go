// Package reach reaches a provider in every way there is. Each has a guard, and
// no handler reads anything before that.
//
//bggen:use github.com/bggen/bggen/testdata/ok/reach/doors
package reach

import (
	"net/http"

	"github.com/bggen/bggen/runtime"
	"github.com/bggen/bggen/testdata/ok/reach/doors"
)

// MustLogIn refuses everybody.
func MustLogIn() error { return &runtime.Problem{Status: http.StatusUnauthorized} }

// Body is read when all guards have let the request pass.
type Body struct{ Name string }

// App holds a service.
//
//bggen:app
type App struct{ Service *Service }

// Service makes tickets.
type Service struct{}

// Ticket is made by an app value.
type Ticket struct{}

// NewTicket is guarded.
//
//bggen:provide
//bggen:depends MustLogIn
func (*Service) NewTicket(number int) Ticket { return Ticket{} }

// DB is a store.
type DB struct{}

// Get makes it one.
func (*DB) Get() {}

// Store is implemented by *DB alone.
type Store interface{ Get() }

// NewDB is guarded.
//
//bggen:provide
//bggen:depends MustLogIn
func NewDB() *DB { return &DB{} }

// Box is generic.
type Box[T any] struct{ Value T }

// NewBox is guarded.
//
//bggen:provide
//bggen:depends MustLogIn
func NewBox[T any]() Box[T] { return Box[T]{} }

// Page is a parameter struct.
type Page struct {
	Number int `query:"page"`
}

// List is made of a page.
type List struct{}

// NewList is guarded.
//
//bggen:provide
//bggen:depends MustLogIn
func NewList(page Page) List { return List{} }

// Draft is made of the body.
type Draft struct{}

// NewDraft is guarded.
//
//bggen:provide
//bggen:depends MustLogIn
func NewDraft(body Body) Draft { return Draft{} }

// OpenDB is named by directives alone.
//
//bggen:depends MustLogIn
func OpenDB() (*DB, error) { return &DB{}, nil }

// Repo is two steps away from the guard.
type Repo struct{}

// NewRepo needs a store.
//
//bggen:provide
func NewRepo(s Store, limit int) *Repo { return &Repo{} }

// Turner is implemented in a package that this one uses.
type Turner interface{ Turn() }

// MustBeMember needs what is guarded itself.
func MustBeMember(s *DB, role string) error { return nil }

//bggen:route POST /type
func ByType(n int, body Body, s *DB) {}

//bggen:route POST /interface
func ByInterface(n int, body Body, s Store) {}

//bggen:route POST /used-interface
func ByUsedInterface(n int, body Body, t Turner) {}

//bggen:route POST /generic
func ByGeneric(n int, body Body, b Box[int]) {}

//bggen:route POST /depends
//bggen:depends s=OpenDB
func ByDepends(n int, body Body, s Store) {}

//bggen:route POST /fresh
//bggen:depends s=OpenDB fresh
func ByFresh(n int, body Body, s *DB) {}

//bggen:route POST /app-field
func ByAppField(n int, body Body, t Ticket) {}

//bggen:route POST /other-package
func ByOtherPackage(n int, body Body, k doors.Key) {}

//bggen:route POST /struct
func ByStruct(n int, body Body, page Page, l List) {}

//bggen:route POST /body
func ByBody(n int, body Body, d Draft) {}

//bggen:route POST /deep
func Deep(n int, body Body, r *Repo) {}

// Guarded has a guard that needs what has one.
//
//bggen:route POST /guard
//bggen:depends MustBeMember
func Guarded(n int, body Body) {}
