// Package interfaces takes interfaces that one value implements.
package interfaces

import "fmt"

// Mailer is implemented by a field of the app struct.
type Mailer interface{ Mail(to string) string }

// Store is implemented by what a provider makes.
type Store interface {
	Get(key string) string
}

// SMTP is a Mailer.
type SMTP struct{ Host string }

// Mail says what it would do.
func (s *SMTP) Mail(to string) string { return s.Host + " to " + to }

// App has one.
//
//bggen:app
type App struct{ Mail *SMTP }

// Memory is a Store, and a fmt.Stringer.
type Memory map[string]string

// Get gets.
func (m Memory) Get(key string) string { return m[key] }

func (m Memory) String() string { return fmt.Sprint(len(m)) }

// NewMemory makes one.
//
//bggen:provide
func NewMemory() Memory { return Memory{"a": "b"} }

// Show needs both.
//
//bggen:route GET /{key}
func Show(key string, m Mailer, s Store) string { return m.Mail(s.Get(key)) }
