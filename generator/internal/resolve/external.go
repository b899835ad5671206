package resolve

import (
	"github.com/bggen/bggen/generator/internal/diag"
	"github.com/bggen/bggen/generator/internal/gotype"
	"github.com/bggen/bggen/generator/internal/model"
	"github.com/bggen/bggen/generator/internal/scan"
)

// externalTask resolves a task whose code is elsewhere: all its parameters are
// arguments.
func (g *graph) externalTask(t *model.Task) {
	f := t.Func
	if f.Task.Name == "" {
		g.report(diag.New(diag.BadTask, f.Range, "task %s is a func type, and has no name", f.Name).
			WithHint("add name=, as the task is called where it runs: //bggen:task name=images.resize"))
	}
	if f.Task.Limit != 0 {
		g.report(diag.New(diag.BadTask, f.Range, "task %s has a limit, and runs elsewhere", f.Name).
			WithHint("limit it where it runs"))
	}
	if len(f.Task.Was) > 0 {
		g.report(diag.New(diag.BadTask, f.Range, "task %s has an old name, and runs elsewhere", f.Name).
			WithHint("was= is for tasks that run here: register the old name where this one runs"))
	}
	for _, p := range f.Params {
		switch {
		case p.Problem != "":
			g.invalid(p)
		case scan.SpecialOf(p.Type) != scan.NotSpecial:
			g.fail(diag.BadTask, p, "task %s runs elsewhere, and %s cannot be sent there", f.Name, g.typeString(p.Type)).
				WithHint("take plain data")
		case gotype.IsNamed(p.Type, "time", "Duration"):
			g.fail(diag.BadTask, p, "argument %s of task %s is a time.Duration, which other languages see as a number of nanoseconds", paramName(p), f.Name).
				WithHint("take a number of seconds, and name it so")
		default:
			t.Args = append(t.Args, g.argument(t, p))
		}
	}
	g.keywords(t)
	if !g.failed {
		g.out.Tasks = append(g.out.Tasks, t)
	}
}
