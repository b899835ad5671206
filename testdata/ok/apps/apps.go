// Package apps has a struct of app values, and methods of some of them.
package apps

import (
	"fmt"
	"strings"

	"github.com/bggen/bggen/runtime"
)

// Mailer sends mails.
type Mailer interface{ Send(to string) }

// Users is a service with methods of its own.
type Users struct{ Names []string }

// Clock is a value without a pointer.
type Clock struct{ Hour int }

// Base is embedded: its fields are app values too.
type Base struct {
	Mail Mailer
	Log  *strings.Builder
}

// App is what the constructors take.
//
//bggen:app
type App struct {
	Base
	Users *Users
	Clock Clock
	Name  string // says nothing by its type: an app value by name only
	audit func(string)
}

// New makes one that is complete.
func New(m Mailer, audit func(string)) *App {
	return &App{Base: Base{Mail: m, Log: new(strings.Builder)}, Users: &Users{[]string{"ann"}}, Clock: Clock{9}, audit: audit}
}

// Greeting is made from app values.
type Greeting string

// NewGreeting makes one.
//
//bggen:provide
func NewGreeting(c Clock, app *App) Greeting { return Greeting(fmt.Sprint("good ", c.Hour, app.Name)) }

// List is a method of a field.
//
//bggen:route GET /users
func (u *Users) List(g Greeting) []string { return append(u.Names, string(g)) }

// Invite is a method of the struct itself.
//
//bggen:route POST /invite/{name}
func (a *App) Invite(name string, log *strings.Builder, bg *runtime.BackgroundTasks) {
	log.WriteString("invited " + name)
	EnqueueWelcome(bg, name)
}

// Read is a function.
//
//bggen:route GET /log
func Read(log *strings.Builder, name string) string { return name + log.String() }

// Welcome is a task with app values.
//
//bggen:task
func Welcome(m Mailer, audit func(string), name string) {
	audit("welcome")
	m.Send(name)
}

// Named is given a field of a predeclared type, which is named.
//
//bggen:route GET /named
//bggen:depends name=App.Name
func Named(name string, suffix string) string { return name + suffix }
