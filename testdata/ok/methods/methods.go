// Package methods has handlers, a provider and a task that are methods.
package methods

import (
	"context"

	"github.com/bggen/bggen/runtime"
)

// Users is the app value: the receiver.
type Users struct {
	Names map[int]string
	Log   chan string
}

// Greeting is made by a method.
type Greeting string

// Greeting makes one.
//
//bggen:provide
func (u *Users) Greeting() Greeting { return "hello" }

// Count is made from the app value.
type Count int

// CountUsers asks for the app value as a parameter.
//
//bggen:provide
func CountUsers(u *Users) Count { return Count(len(u.Names)) }

// Get is a method with a value receiver.
//
//bggen:route GET /users/{id}
func (u Users) Get(id int, g Greeting) string { return string(g) + " " + u.Names[id] }

// Number is a function beside methods.
//
//bggen:route GET /users
func Number(c Count, u *Users, ctx context.Context, r *runtime.Runner) any {
	return []any{c, len(u.Names), ctx.Err() == nil, r != nil}
}

// rename is not exported.
//
//bggen:route PUT /users/{id}
func (u *Users) rename(id int, body string, bg *runtime.BackgroundTasks) {
	u.Names[id] = body
	EnqueueUsersAudit(bg, "renamed", id)
}

// Audit is a task.
//
//bggen:task
func (u *Users) Audit(line string, id int) { u.Log <- line + " " + u.Names[id] }
