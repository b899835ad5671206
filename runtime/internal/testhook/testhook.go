// Package testhook lets runtime/bgtest look into collectors and runners, which
// say nothing of what is in them to anybody else. Package runtime sets the
// variables.
package testhook

import "context"

// Added is a task that was added to a collector.
type Added struct {
	Name    string
	Handler string
	Args    any                         // a struct of them; nil: it is a closure
	Run     func(context.Context) error // calls it, with arguments that went through JSON and back
}

var (
	// Inspect is what has been added to a *runtime.BackgroundTasks.
	Inspect func(collector any) []Added

	// Record has a *runtime.Runner hand over what it accepts, and run nothing;
	// with nil, it runs again.
	Record func(runner any, accepted func([]Added))

	// Failed has f called for each task of a *runtime.Runner that fails in its
	// last attempt.
	Failed func(runner any, f func(name, handler string, err error))
)
