// Package uses takes providers, guards and the app struct of other packages.
//
//bggen:use github.com/bggen/bggen/testdata/ok/uses/core
package uses

import (
	"fmt"

	"github.com/bggen/bggen/runtime"
	"github.com/bggen/bggen/testdata/ok/uses/auth"
	"github.com/bggen/bggen/testdata/ok/uses/core"
	"github.com/bggen/bggen/testdata/ok/uses/store"
)

// Item is what is stored.
type Item struct{ Name string }

// Me takes values of types that other packages define.
//
//bggen:route GET /me
//bggen:depends auth.RequireUser
func Me(u *auth.User, tenant core.Tenant) string { return u.Name + "@" + string(tenant) }

// Admin has a guard that is a variable of another package.
//
//bggen:route GET /admin
//bggen:depends auth.AdminOnly
//bggen:depends github.com/bggen/bggen/testdata/ok/uses/store.Plain
func Admin(u *auth.User, clock core.Clock) string { return u.Name + " at " + clock.Now() }

// Items needs generic providers.
//
//bggen:route GET /items
func Items(items *store.Repo[Item], numbers *store.Repo[int], p store.Pair[int, Item]) string {
	return fmt.Sprintf("%s %s %d", items.Name, numbers.Name, p.Key)
}

// Box is made by a generic provider of this package.
type Box[T any] struct{ In T }

// NewBox puts something into a box.
//
//bggen:provide
func NewBox[T fmt.Stringer](c *core.Config) Box[[]T] { return Box[[]T]{make([]T, len(c.Name))} }

// Label has a String method.
type Label string

func (l Label) String() string { return string(l) }

// Unbox takes two boxes out of the same provider.
//
//bggen:route GET /boxes
//bggen:depends second=NewSecond
func Unbox(first Box[[]Label], second Box[[]Label]) string {
	return fmt.Sprint(len(first.In), len(second.In))
}

// NewSecond is another source of the same type.
func NewSecond() Box[[]Label] { return Box[[]Label]{} }

// Tick is a task with a dependency of another package.
//
//bggen:task
func Tick(clock core.Clock, items *store.Repo[Item], to string) error {
	Ticks <- clock.Now() + items.Name + to
	return nil
}

// Start has the task run.
//
//bggen:route POST /ticks
func Start(bg *runtime.BackgroundTasks) { EnqueueTick(bg, "!") }

// Ticks is what the task has sent.
var Ticks = make(chan string, 1)
