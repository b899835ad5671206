package emit

import (
	"fmt"
	"go/types"
	"time"

	"github.com/bggen/bggen/generator/internal/model"
	"github.com/bggen/bggen/generator/internal/naming"
	"github.com/dave/jennifer/jen"
)

// enqueue emits what adds a call of a task to a collector, and what defines
// the task.
func (e *emitter) enqueue(t *model.Task) {
	name := t.Func.FullName()
	if t.Func.Task.External {
		e.comment(fmt.Sprintf("%s has task %s run elsewhere.", t.Enqueue, t.Name))
	} else {
		e.comment(fmt.Sprintf("%s has %s run after the response.", t.Enqueue, name))
	}
	params := []jen.Code{jen.Id(e.Tasks).Op("*").Add(e.rt("BackgroundTasks"))}
	var args []jen.Code
	for i, f := range t.Fields {
		param := jen.Id(e.Vars[t].Params[i])
		params = append(params, jen.Add(param).Add(e.typ(f.Type)))
		args = append(args, param)
	}
	params = append(params, jen.Id(e.Opts).Op("...").Add(e.rt("TaskOption")))
	e.file.Func().Id(t.Enqueue).Params(params...).Add(e.rt("TaskID")).BlockFunc(func(g *jen.Group) {
		for i, f := range t.Fields {
			if _, slice := f.Type.Underlying().(*types.Slice); slice && t.Func.Task.External {
				g.If(jen.Add(args[i]).Op("==").Nil()).Block(jen.Add(args[i]).Op("=").Add(e.typ(f.Type)).Values().Comment("and not null"))
			}
		}
		g.Return(jen.Id(t.Def).Dot("Enqueue").Call(jen.Id(e.Tasks), jen.Id(t.ArgsType).Values(args...), jen.Id(e.Opts)))
	})
	e.file.Line()
	e.file.Var().Id(t.Def).Op("=").Add(e.definition(t))
	if t.Func.Task.External && !t.Func.Exported { // or else nothing would use it
		e.file.Line()
		e.file.Var().Id("_").Id(name)
	}
	e.file.Line()
	e.file.Type().Id(t.ArgsType).StructFunc(func(g *jen.Group) {
		for _, f := range t.Fields {
			g.Id(f.Name).Add(e.typ(f.Type)).Tag(map[string]string{"json": f.JSON})
		}
	})
}

// definition is what the directive of a task says of it.
func (e *emitter) definition(t *model.Task) jen.Code {
	o := t.Func.Task
	var opts []jen.Code
	if o.Timeout != 0 {
		opts = append(opts, e.rt("Timeout").Call(e.durationLit(o.Timeout)))
	}
	if o.Attempts != 0 {
		opts = append(opts, e.rt("Attempts").Call(jen.Lit(o.Attempts)))
	}
	if o.Backoff != 0 {
		opts = append(opts, e.rt("Backoff").Call(e.durationLit(o.Backoff)))
	}
	if o.Queue != "" {
		opts = append(opts, e.rt("Queue").Call(jen.Lit(o.Queue)))
	}
	if o.External {
		return e.ad("NewExternalTask").Types(jen.Id(t.ArgsType)).Call(append([]jen.Code{jen.Lit(t.Name), jen.Lit(o.Engine)}, opts...)...)
	}
	def := e.ad("NewTaskDef").Types(jen.Id(t.ArgsType)).Call(append([]jen.Code{jen.Lit(t.Name)}, opts...)...)
	if o.Limit != 0 {
		def = def.Dot("Limit").Call(jen.Lit(o.Limit))
	}
	if len(o.Was) > 0 {
		var names []jen.Code
		for _, name := range o.Was {
			names = append(names, jen.Lit(name))
		}
		def = def.Dot("Was").Call(names...)
	}
	if o.Engine != "" {
		def = def.Dot("On").Call(jen.Lit(o.Engine))
	}
	if len(t.Func.Schedules) > 0 {
		def = def.Dot("Periodic").Add(e.periodic(t))
	}
	return def
}

// durationLit is a duration as one writes it: 30 * time.Second.
func (e *emitter) durationLit(d time.Duration) jen.Code {
	for _, unit := range []struct {
		name string
		size time.Duration
	}{{"Hour", time.Hour}, {"Minute", time.Minute}, {"Second", time.Second}, {"Millisecond", time.Millisecond}, {"Microsecond", time.Microsecond}} {
		if d == unit.size {
			return e.std("time", unit.name)
		}
		if d%unit.size == 0 && d != 0 {
			return jen.Lit(int(d / unit.size)).Op("*").Add(e.std("time", unit.name))
		}
	}
	return jen.Lit(int(d))
}

func (e *emitter) registerTasks() {
	e.comment("RegisterTasks lets runner run the tasks of package " + e.pkg.Name + ".")
	e.file.Func().Id("RegisterTasks").Params(e.params()...).BlockFunc(func(g *jen.Group) {
		app := jen.Nil()
		if e.pkg.App != nil {
			app = jen.Id(e.App)
		}
		g.If(jen.Op("!").Add(e.ad("FirstTasks")).Call(jen.Id(e.Runner), jen.Lit(e.pkg.Path), app)).Block(jen.Return())
		for _, t := range e.pkg.Tasks {
			if t.Func.Task.External {
				g.Id(t.Def).Dot("Register").Call(jen.Id(e.Runner))
				continue
			}
			for _, field := range t.Needs {
				e.need(g, jen.Id(e.App), field, jen.Lit(t.Func.FullName()))
			}
			run := taskFunc{emitter: e, vars: e.Vars[t], task: t}
			body := jen.BlockFunc(run.body)
			g.Id(t.Def).Dot("Register").Call(jen.Id(e.Runner), jen.Func().Params(
				usedAs(e.Ctx, run.ctx).Add(e.std("context", "Context")),
				usedAs(e.Args, len(t.Fields) > 0).Id(t.ArgsType),
			).Error().Add(body))
		}
	})
}

func usedAs(name string, used bool) *jen.Statement {
	if !used {
		name = "_"
	}
	return jen.Id(name)
}

// A taskFunc emits the function that runs a task.
type taskFunc struct {
	*emitter
	vars naming.Vars
	task *model.Task
	ctx  bool // it refers to its context
}

func (t *taskFunc) body(g *jen.Group) {
	if !t.task.Tasks {
		t.cleanups(g)
		return
	}
	t.ctx = true
	collector := jen.Id(t.Names.Tasks).Op("*").Add(t.rt("BackgroundTasks"))
	g.Return(t.ad("Subtasks").Call(jen.Id(t.Ctx), jen.Func().Params(collector).Error().BlockFunc(t.cleanups)))
}

func (t *taskFunc) cleanups(g *jen.Group) {
	if !t.task.Cleanups {
		t.run(g)
		return
	}
	g.Return(t.ad("WithCleanups").Call(jen.Func().Params(jen.Id(t.X).Op("*").Add(t.ad("Cleanups"))).Error().BlockFunc(t.run)))
}

func (t *taskFunc) run(g *jen.Group) {
	for _, c := range t.task.Calls {
		t.provide(g, c)
	}
	if len(t.task.Calls) > 0 {
		g.Line()
	}
	run := t.call(t.task.Func, jen.Id(t.App), t.values(t.task.Args))
	if t.task.HasError {
		g.Return(run)
		return
	}
	g.Add(run)
	g.Return(jen.Nil())
}

// provide calls a provider, and leaves its cleanup to the task.
func (t *taskFunc) provide(g *jen.Group, c *model.Call) {
	call := t.call(c.Provider, jen.Id(t.App), t.values(c.Args))
	name := t.vars.Of[c]
	if name == "" {
		name = "_" // of a guard: nobody takes it
	}
	results := []jen.Code{jen.Id(name)}
	if c.Cleanup != 0 {
		results = append(results, jen.Id(t.vars.Clean[c]))
	}
	if c.HasError {
		results = append(results, jen.Id(t.Err))
	}
	switch {
	case c.Type == nil:
		g.Add(t.ifError(call))
	case name == "_" && c.Cleanup == 0 && c.HasError:
		g.If(jen.List(results...).Op(":=").Add(call), jen.Id(t.Err).Op("!=").Nil()).Block(jen.Return(jen.Id(t.Err)))
	case name == "_" && c.Cleanup == 0:
		g.Add(call)
	default:
		g.List(results...).Op(":=").Add(call)
		if c.HasError {
			g.Add(t.returnError())
		}
	}
	if c.Cleanup != 0 {
		g.Id(t.X).Dot(cleanupMethods[c.Cleanup]).Call(jen.Id(t.vars.Clean[c]))
	}
}

func (t *taskFunc) values(sources []model.Source) []jen.Code {
	list := make([]jen.Code, len(sources))
	for i, s := range sources {
		list[i] = t.value(s)
	}
	if n := len(t.task.Fields); n > 0 && t.task.Fields[n-1].Variadic && len(sources) > 0 {
		if _, ok := sources[len(sources)-1].(model.Argument); ok {
			list[len(list)-1] = jen.Add(list[len(list)-1]).Op("...")
		}
	}
	return list
}

func (t *taskFunc) value(s model.Source) jen.Code {
	switch s := s.(type) {
	case model.Context, model.TaskContext:
		t.ctx = true
		return jen.Id(t.Ctx)
	case model.Tasks:
		return jen.Id(t.Names.Tasks)
	case model.Runner:
		return jen.Id(t.Names.Runner)
	case model.AppField:
		return jen.Id(t.App).Dot(s.Name)
	case model.App:
		return jen.Id(t.App)
	case *model.Call:
		return jen.Id(t.vars.Of[s])
	case model.Argument:
		return jen.Id(t.Args).Dot(s.Field)
	}
	panic(fmt.Sprintf("emit: a task has no value from a %T", s))
}
