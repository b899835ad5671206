// Package sources has guards and sources in unusual places.
package sources

import (
	"errors"
	"fmt"

	"github.com/bggen/bggen/runtime"
)

// A is embedded beside B; both have a field DB, of different types.
type A struct{ DB *First }

// B is embedded through a pointer.
type B struct{ DB *Second }

// First and Second are app values of which neither hides the other.
type (
	First  struct{ Name string }
	Second struct{ Name string }
)

// App has them.
//
//bggen:app
type App struct {
	A
	*B
	Auth  *Auth
	Lines chan string
}

// Auth has a method that is a guard, and no directive.
type Auth struct{ Token string }

// Check refuses.
//
//bggen:param token header=Token
func (a *Auth) Check(token *string) error {
	if token == nil || *token != a.Token {
		return &runtime.Problem{Status: 401}
	}
	return nil
}

// Data is behind a guard: nobody is told what is wrong with a request before it.
type Data string

// NewData has a guard.
//
//bggen:provide
//bggen:depends Auth.Check
func NewData(a *First, b *Second) Data { return Data(a.Name + b.Name) }

// Show needs it, and a value that may be wrong.
//
//bggen:route GET /data/{page}
func Show(page int, d Data) string { return fmt.Sprint(page, d) }

// Lock is taken by a guard, and nobody asks for it.
type Lock struct{}

// Take leaves a cleanup.
func Take(app *App) (*Lock, func(), error) {
	app.Lines <- "lock"
	return &Lock{}, func() { app.Lines <- "unlock" }, nil
}

// Locked is guarded by it.
//
//bggen:route POST /locked
//bggen:depends Take
func Locked(app *App, bg *runtime.BackgroundTasks) {
	app.Lines <- "locked"
	EnqueueJob(bg, "job")
}

// Serial counts.
type Serial int

var serial Serial

// NewSerial makes the next.
//
//bggen:provide
func NewSerial() Serial { serial++; return serial }

// Fresh wants one of its own first.
//
//bggen:route GET /fresh
//bggen:depends a=NewSerial fresh
func Fresh(a, b, c Serial) any { return []any{b - a, c - b} }

// Store is an interface with two implementations.
type Store interface{ Get() string }

// One and Two implement it.
type (
	One struct{}
	Two struct{}
)

// Get says one.
func (One) Get() string { return "one" }

// Get says two.
func (Two) Get() string { return "two" }

// NewOne makes one.
//
//bggen:provide
func NewOne() One { return One{} }

// NewTwo makes the other.
//
//bggen:provide
func NewTwo() Two { return Two{} }

// Which says which.
//
//bggen:route GET /which
//bggen:depends s=NewTwo
func Which(s Store, w interface{ Gets() string }) string { return s.Get() + w.Gets() }

// Wrapped wraps a store that somebody else makes.
type Wrapped struct{ s Store }

// Gets gets.
func (w Wrapped) Gets() string { return w.s.Get() }

// Wrap is the only one with Gets.
//
//bggen:provide
//bggen:depends s=NewOne
func Wrap(s Store) Wrapped { return Wrapped{s} }

// Numbers has numbers that Go would read otherwise, and names that it would not.
//
//bggen:route GET /numbers
//bggen:param a default=010 max=020
//bggen:param len min=1
//bggen:param tag maxlen=1
//bggen:param code query=2fa pattern=^x$
//bggen:param codePattern query=other
func Numbers(a, len int, tag []string, code string, codePattern *string) any {
	return []any{a, len, tag, code, codePattern}
}

// Job has a guard that makes a value, and one that does not let it pass.
//
//bggen:task
//bggen:depends Ticket
//bggen:depends Stop
func Job(app *App, what string) { app.Lines <- what }

// Pass is what Ticket makes.
type Pass struct{}

// Ticket is a guard of a task.
func Ticket(app *App) (Pass, error) {
	app.Lines <- "ticket"
	return Pass{}, nil
}

// Stop stops the task.
func Stop() error { return errors.New("stopped") }
