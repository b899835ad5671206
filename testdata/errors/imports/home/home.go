// Package home keeps something to itself.
package home

// Session is made of a store.
type Session struct{ s *store }

// NewSession can be called here only.
//
//bggen:provide
func NewSession(s *store) Session { return Session{s} }

type store struct{}

//bggen:provide
func newStore() *store { return &store{} }

// User has a provider that is not exported.
type User struct{}

//bggen:provide
func newUser() User { return User{} }

// Check is a guard.
func Check() error { return nil }

func hidden() error { return nil }

// Visits are counted by another package.
type Visits int
