package booking

import (
	"log/slog"
	"net/http"

	"github.com/bggen/bggen/runtime"
)

// A Side is one way to write the handler.
type Side struct {
	Name    string
	open    func(app *App, tasks int) served
	flushes bool // the response, where there are tasks
}

// served is a side's handler for a number of tasks.
type served struct {
	handler http.Handler
	attach  func(*http.Server) // nil: nothing to do before serving
}

// ByHand is the name of the side that the others are compared with, Bggen that
// of the one that the comparison is about, and Tuned that of its limit.
const (
	ByHand = "by-hand"
	Tuned  = "tuned"
	Bggen  = "bggen"
)

// Sides are the ways to write the handler that leaves a number of tasks: 0, 1
// or 2. The first is by hand.
func Sides(tasks int) []Side {
	sides := []Side{{Name: ByHand, open: openByHand}, {Name: Tuned, open: openTuned}}
	if tasks > 0 {
		sides = append(sides, Side{"same-promises", openPromising, true})
	}
	sides = append(sides, Side{Name: Bggen, open: openBggen})
	if tasks > 0 {
		sides = append(sides, Side{"bggen-flush", openFlushing, true})
	}
	return sides
}

// pattern is the route of the handler, for all sides and numbers of tasks.
const pattern = "POST /hotels/{hotel}/bookings"

// quiet is the log of all sides.
var quiet = slog.New(slog.DiscardHandler)

func openByHand(app *App, tasks int) served {
	return served{handler: &byHand{app, quiet, tasks}}
}

func openTuned(app *App, tasks int) served {
	return served{handler: &tuned{byHand{app, quiet, tasks}}}
}

func openPromising(app *App, tasks int) served {
	return served{handler: &promising{
		byHand: byHand{app, quiet, tasks},
		slots:  make(chan struct{}, 16384), workers: make(chan struct{}, 256),
	}}
}

// openBggen is the generated adapter, with the hook where there are tasks.
func openBggen(app *App, tasks int) served {
	runner := &runtime.Runner{Logger: quiet}
	RegisterTasks(runner, app)
	constructor := []func(*runtime.Runner, *App, ...runtime.Option) http.Handler{BookHandler, BookNotifyHandler, BookNotifyAuditHandler}[tasks]
	s := served{handler: constructor(runner, app)}
	if tasks > 0 {
		s.attach = runner.Attach
	}
	return s
}

// openFlushing is the same without the hook, as in HTTP/2: tasks start after a
// flush.
func openFlushing(app *App, tasks int) served {
	return served{handler: openBggen(app, tasks).handler}
}
