// Package tasks has tasks of every kind.
package tasks

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/bggen/bggen/runtime"
)

// Journal is where tasks write.
var Journal = make(chan string, 100)

// Clock is made where the task runs.
type Clock struct{ Now time.Time }

// NewClock makes one.
//
//bggen:provide
func NewClock(ctx context.Context) (*Clock, error) { return &Clock{time.Unix(0, 0)}, ctx.Err() }

// Printer needs a clock.
type Printer struct{ clock *Clock }

// NewPrinter makes one.
//
//bggen:provide
func NewPrinter(c *Clock) Printer { return Printer{c} }

// Simple takes nothing.
//
//bggen:task
func Simple() { Journal <- "simple" }

// Print has dependencies, and arguments of several types.
//
//bggen:task name=print.job
func Print(ctx context.Context, p Printer, title string, pages []int, due time.Time, more map[string]*Part) error {
	Journal <- fmt.Sprint(p.clock.Now.Unix(), title, pages, due.Unix(), more["x"].Name, ctx.Err())
	return nil
}

// Part is an argument.
type Part struct{ Name string }

// Spread is variadic.
//
//bggen:task
func Spread(words ...string) { Journal <- strings.Join(words, "+") }

// Chain adds tasks of its own, if it succeeds.
//
//bggen:task
func Chain(bg *runtime.BackgroundTasks, fail bool) error {
	EnqueueSpread(bg, []string{"from", "chain"})
	if fail {
		return errors.New("failed on purpose")
	}
	return nil
}

// hidden is not exported.
//
//bggen:task
func hidden() error { Journal <- "hidden"; return nil }

// All enqueues all of them.
//
//bggen:route POST /all
func All(bg *runtime.BackgroundTasks) {
	EnqueueSimple(bg)
	EnqueuePrint(bg, "title", []int{1, 2}, time.Unix(5, 0), map[string]*Part{"x": {"part"}})
	EnqueueChain(bg, true, runtime.Named("failing chain"))
	EnqueueChain(bg, false)
	enqueueHidden(bg)
}
