package resolve

import (
	"go/token"
	"slices"

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
	for i, p := range f.Params {
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
			if f.Task.Keywords != nil && len(t.Fields) == i+1 {
				g.keyword(t, i)
			}
		}
	}
	if !g.failed {
		g.out.Tasks = append(g.out.Tasks, t)
	}
}

// keyword gives an argument the name that it has elsewhere.
func (g *graph) keyword(t *model.Task, i int) {
	name := t.Func.Task.Keywords[i]
	if !token.IsIdentifier(name) || slices.ContainsFunc(t.Fields[:i], func(f model.Field) bool { return f.JSON == name }) {
		g.report(diag.New(diag.DirectiveArgument, t.Func.Range, "args= has %q, which is no name, or there twice", name).
			WithHint("it names each parameter, in their order: args=image_key,sizes"))
	}
	t.Fields[i].JSON = name
}
