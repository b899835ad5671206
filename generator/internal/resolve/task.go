package resolve

import (
	"cmp"
	"fmt"
	"go/types"
	"slices"
	"strings"

	"github.com/bggen/bggen/generator/internal/diag"
	"github.com/bggen/bggen/generator/internal/gotype"
	"github.com/bggen/bggen/generator/internal/model"
	"github.com/bggen/bggen/generator/internal/naming"
	"github.com/bggen/bggen/generator/internal/scan"
)

// task resolves one task, and adds it if all went well. Parameters that have a
// source where the task runs are resolved there; the others are its arguments.
func (r *resolver) task(f *scan.Func) {
	g := &graph{resolver: r, root: f, path: []*scan.Func{f}}
	t := &model.Task{Func: f, Name: f.Task.Name}
	if t.Name == "" {
		t.Name = r.in.Path + "." + f.FullName()
	}
	t.Enqueue = naming.For(f, "Enqueue")
	t.Def = naming.LowerFirst(naming.Base(f)) + "Task"
	t.ArgsType = naming.LowerFirst(naming.Base(f)) + "Args"
	if f.Task.External {
		g.externalTask(t)
		return
	}
	if n := len(f.Results); n > 1 || n == 1 && !scan.IsError(f.Results[0]) {
		g.report(diag.New(diag.BadTask, f.ResultsAt, "task %s returns a value, and there is nobody to take it", f.FullName()).
			WithHint("a task returns nothing or error"))
	} else {
		t.HasError = n == 1
	}
	g.checkNamesOf(f)
	for _, spec := range f.Specs {
		g.report(diag.New(diag.MisplacedDirective, spec.Range, "the arguments of a task come from its EnqueueX, and have no limits").
			WithHint("check them where they come from"))
	}
	g.guardsOf(f.Depends)
	g.refuseRequestOf(f)
	for _, p := range f.Params {
		t.Args = append(t.Args, g.taskParam(t, p))
	}
	g.checkPeriodic(t)
	g.keywords(t)
	g.checkCaptures(f, t.Args)
	t.Calls, t.Tasks = g.calls, slices.Contains(t.Args, model.Source(model.Tasks{}))
	for _, c := range t.Calls {
		if c.Cleanup == model.Hold { // a task has no other tasks to wait for
			c.Cleanup = model.Release
		}
		needs(t, c.Needs)
		t.Cleanups = t.Cleanups || c.Cleanup != 0
		t.Tasks = t.Tasks || slices.Contains(c.Args, model.Source(model.Tasks{}))
	}
	needs(t, r.neededBy(f, t.Args))
	if g.failed {
		return
	}
	r.out.Tasks = append(r.out.Tasks, t)
}

// checkPeriodic complains of arguments of a task that runs by itself: nobody is there
// to say what they are.
func (g *graph) checkPeriodic(t *model.Task) {
	if len(t.Func.Schedules) == 0 {
		return
	}
	for i, f := range t.Fields {
		p := t.Func.Params[slices.IndexFunc(t.Func.Params, func(p scan.Param) bool { return p.Name == f.Param })]
		switch isDue := gotype.IsNamed(f.Type, scan.RuntimePath, "Due"); {
		case !isDue:
			g.fail(diag.BadTask, p, "task %s runs by itself, and nothing says what parameter %q of type %s is", t.Func.FullName(), f.Param, g.typeString(f.Type)).
				WithHint("add a field of that type to a struct with //bggen:app, or write a provider of it; runtime.Due is the instant at which a run was due")
		case i > 0:
			g.fail(diag.BadTask, p, "task %s has two parameters of type runtime.Due", t.Func.FullName()).
				WithHint("a run is due at one instant: keep one of them")
		}
	}
}

// keywords gives the arguments the names that args= says, which engines store.
func (g *graph) keywords(t *model.Task) {
	names := t.Func.Task.Keywords
	if names == nil || g.failed {
		return
	}
	if len(names) != len(t.Fields) {
		params := []string{"none"}
		for i, f := range t.Fields {
			params = append(params[:i], f.Param)
		}
		g.report(diag.New(diag.DirectiveArgument, t.Func.Task.KeywordsAt, "args=%s does not fit task %s, whose arguments are: %s", strings.Join(names, ","), t.Func.FullName(), strings.Join(params, ", ")).
			WithHint("it names each argument, in their order"))
		return
	}
	for i, name := range names {
		t.Fields[i].JSON = name
	}
}

// needs adds fields of the app struct, each once.
func needs(t *model.Task, fields []string) {
	for _, name := range fields {
		if !slices.Contains(t.Needs, name) {
			t.Needs = append(t.Needs, name)
		}
	}
}

func (g *graph) taskParam(t *model.Task, p scan.Param) model.Source {
	if p.Problem != "" {
		g.invalid(p)
		return nil
	}
	switch scan.SpecialOf(p.Type) {
	case scan.Request, scan.ResponseWriter:
		g.fail(diag.NeedsRequest, p, "task %s takes %s, and runs when the request is over", t.Func.FullName(), g.typeString(p.Type)).
			WithHint("take what it needs of the request as arguments of their own")
		return nil
	}
	at := g.site()
	at.task = true
	found, _ := at.source(p)
	if found == nil {
		return g.argument(t, p)
	}
	v := found.take(g)
	if found.source != nil {
		g.refuseRequest(t, p)
	}
	return v
}

// refuseRequest complains when what a provider needs is only there in a
// request.
func (g *graph) refuseRequest(t *model.Task, p scan.Param) {
	if needs := g.takeRequest(); needs != "" {
		g.fail(diag.NeedsRequest, p, "parameter %s of task %s is made from %s, and the task runs when the request is over", paramName(p), t.Func.FullName(), needs).
			WithHint("take what it needs of the request as arguments of their own")
	}
}

// refuseRequestOf does so for the guards of a task.
func (g *graph) refuseRequestOf(f *scan.Func) {
	if needs := g.takeRequest(); needs != "" {
		g.report(diag.New(diag.NeedsRequest, f.Range, "a guard of task %s needs %s, and the task runs when the request is over", f.FullName(), needs).
			WithHint("guard the handlers that enqueue the task"))
	}
}

// takeRequest is what has been asked of a request so far, and forgets it.
func (g *graph) takeRequest() (needs string) {
	for _, b := range g.bindings {
		needs = b.Describe()
	}
	for _, call := range g.calls[g.asked:] {
		for _, v := range call.Args {
			if takesRequest(v) {
				needs = "the request"
			}
		}
	}
	g.bindings, g.asked = nil, len(g.calls)
	return needs
}

// isService reports whether t is of the kind that a program has one of, such as
// *sql.DB or an interface with methods: it was not meant as data.
func isService(t types.Type) bool {
	switch u := t.Underlying().(type) {
	case *types.Interface:
		return u.NumMethods() > 0
	case *types.Pointer:
		_, isStruct := u.Elem().Underlying().(*types.Struct)
		return isStruct
	}
	return false
}

// argument makes p an argument of the task.
func (g *graph) argument(t *model.Task, p scan.Param) model.Source {
	if !hasName(p) {
		g.fail(diag.Unnamed, p, "an argument of task %s has no name", t.Func.FullName()).
			WithHint("arguments are stored by their names")
		return nil
	}
	if problem := jsonProblem(p.Type, stored); problem != "" {
		if isService(p.Type) && !t.Func.Task.External {
			name := g.typeString(p.Type)
			g.fail(diag.BadTask, p, "no source for parameter %q of task %s, of type %s: it would be an argument, and cannot be stored as JSON", p.Name, t.Func.FullName(), name).
				WithHint("%s", cmp.Or(g.elsewhere(p.Type), fmt.Sprintf("%s, or write a provider of it that needs no request; an argument is plain data", g.appHint(name))))
			return nil
		}
		g.fail(diag.BadTask, p, "argument %q of task %s cannot be stored as JSON: %s", p.Name, t.Func.FullName(), problem).
			WithHint("pass plain data, and have the task look up the rest")
		return nil
	}
	if obj := g.hidden(p.Type); obj != nil {
		g.fail(diag.BadTask, p, "argument %q of task %s is of the type %s, which this package cannot name", p.Name, t.Func.FullName(), obj.Name()).
			WithHint("pass a type that is exported")
		return nil
	}
	fields := naming.NewScope(nil)
	for _, f := range t.Fields {
		fields.Reserve(f.Name)
	}
	field := model.Field{Param: p.Name, Name: fields.Take(naming.Field(p.Name), "Arg"), JSON: p.Name, Type: p.Type, Variadic: p.Variadic}
	t.Fields = append(t.Fields, field)
	return model.Argument{Field: field.Name}
}
