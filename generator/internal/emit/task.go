package emit

import (
	"fmt"
	"go/types"
	"time"

	"github.com/bggen/bggen/generator/internal/resolve"
	"github.com/dave/jennifer/jen"
)

// enqueue emits what adds a call of a task to a collector, and what defines
// the task.
func (e *emitter) enqueue(t *resolve.Task) {
	name := t.Func.FullName()
	if t.Func.Task.External {
		e.comment(fmt.Sprintf("%s has task %s run elsewhere.", t.Enqueue, t.Name))
	} else {
		e.comment(fmt.Sprintf("%s has %s run after the response.", t.Enqueue, name))
	}
	params := []jen.Code{jen.Id(e.Tasks).Op("*").Add(rt("BackgroundTasks"))}
	var args []jen.Code
	for _, f := range t.Fields {
		params = append(params, jen.Id(f.Param).Add(typeCode(f.Type)))
		args = append(args, jen.Id(f.Param))
	}
	params = append(params, jen.Id(e.Opts).Op("...").Add(rt("TaskOption")))
	e.Func().Id(t.Enqueue).Params(params...).Add(rt("TaskID")).BlockFunc(func(g *jen.Group) {
		for _, f := range t.Fields {
			if _, slice := f.Type.Underlying().(*types.Slice); slice && t.Func.Task.External {
				g.If(jen.Id(f.Param).Op("==").Nil()).Block(jen.Id(f.Param).Op("=").Add(typeCode(f.Type)).Values().Comment("and not null"))
			}
		}
		g.Return(jen.Id(t.Def).Dot("Enqueue").Call(jen.Id(e.Tasks), jen.Id(t.ArgsType).Values(args...), jen.Id(e.Opts)))
	})
	e.Line()
	e.Var().Id(t.Def).Op("=").Add(e.definition(t))
	if t.Func.Task.External && !t.Func.Exported { // or else nothing would use it
		e.Line()
		e.Var().Id("_").Id(name)
	}
	e.Line()
	e.Type().Id(t.ArgsType).StructFunc(func(g *jen.Group) {
		for _, f := range t.Fields {
			g.Id(f.Name).Add(typeCode(f.Type)).Tag(map[string]string{"json": f.JSON})
		}
	})
}

// definition is what the directive of a task says of it.
func (e *emitter) definition(t *resolve.Task) jen.Code {
	o := t.Func.Task
	var opts []jen.Code
	if o.Timeout != 0 {
		opts = append(opts, rt("Timeout").Call(durationLit(o.Timeout)))
	}
	if o.Attempts != 0 {
		opts = append(opts, rt("Attempts").Call(jen.Lit(o.Attempts)))
	}
	if o.Backoff != 0 {
		opts = append(opts, rt("Backoff").Call(durationLit(o.Backoff)))
	}
	if o.Queue != "" {
		opts = append(opts, rt("Queue").Call(jen.Lit(o.Queue)))
	}
	if o.External {
		return ad("NewExternalTask").Types(jen.Id(t.ArgsType)).Call(append([]jen.Code{jen.Lit(t.Name), jen.Lit(o.Engine)}, opts...)...)
	}
	def := ad("NewTaskDef").Types(jen.Id(t.ArgsType)).Call(append([]jen.Code{jen.Lit(t.Name)}, opts...)...)
	if o.Limit != 0 {
		def = def.Dot("Limit").Call(jen.Lit(o.Limit))
	}
	if o.Engine != "" {
		def = def.Dot("On").Call(jen.Lit(o.Engine))
	}
	return def
}

// durationLit is a duration as one writes it: 30 * time.Second.
func durationLit(d time.Duration) jen.Code {
	for _, unit := range []struct {
		name string
		size time.Duration
	}{{"Hour", time.Hour}, {"Minute", time.Minute}, {"Second", time.Second}, {"Millisecond", time.Millisecond}, {"Microsecond", time.Microsecond}} {
		if d == unit.size {
			return jen.Qual("time", unit.name)
		}
		if d%unit.size == 0 {
			return jen.Lit(int(d/unit.size)).Op("*").Qual("time", unit.name)
		}
	}
	return jen.Lit(int(d))
}

func (e *emitter) registerTasks() {
	e.comment("RegisterTasks lets runner run the tasks of package " + e.pkg.Name + ".")
	e.Func().Id("RegisterTasks").Params(e.params()...).BlockFunc(func(g *jen.Group) {
		for _, t := range e.pkg.Tasks {
			if t.Func.Task.External {
				g.Id(t.Def).Dot("Register").Call(jen.Id(e.Runner))
				continue
			}
			for _, field := range t.Needs {
				e.need(g, t.Func, resolve.Need{Field: field})
			}
			run := taskFunc{emitter: e, Task: t}
			body := jen.BlockFunc(run.body)
			g.Id(t.Def).Dot("Register").Call(jen.Id(e.Runner), jen.Func().Params(
				usedAs(e.Ctx, run.ctx).Qual("context", "Context"),
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
	*resolve.Task
	ctx bool // it refers to its context
}

func (t *taskFunc) body(g *jen.Group) {
	if !t.Task.Tasks {
		t.cleanups(g)
		return
	}
	t.ctx = true
	g.Return(ad("Subtasks").Call(jen.Id(t.emitter.Ctx), jen.Func().Params(jen.Id(t.emitter.Tasks).Op("*").Add(rt("BackgroundTasks"))).Error().BlockFunc(t.cleanups)))
}

func (t *taskFunc) cleanups(g *jen.Group) {
	if !t.Cleanups {
		t.run(g)
		return
	}
	g.Return(ad("WithCleanups").Call(jen.Func().Params(jen.Id(t.emitter.X).Op("*").Add(ad("Cleanups"))).Error().BlockFunc(t.run)))
}

func (t *taskFunc) run(g *jen.Group) {
	t.provide(g, t.emitter.X, t.Calls, t.args)
	run := t.call(t.Func, t.args(t.Task.Args))
	if t.HasError {
		g.Return(run)
		return
	}
	g.Add(run)
	g.Return(jen.Nil())
}

func (t *taskFunc) args(values []resolve.Value) []jen.Code {
	list := make([]jen.Code, len(values))
	for i, v := range values {
		list[i] = t.arg(v)
	}
	if n := len(t.Fields); n > 0 && t.Fields[n-1].Variadic && len(values) > 0 && values[len(values)-1].Kind == resolve.Argument {
		list[len(list)-1] = jen.Add(list[len(list)-1]).Op("...")
	}
	return list
}

func (t *taskFunc) arg(v resolve.Value) jen.Code {
	switch v.Kind {
	case resolve.Context, resolve.TaskContext:
		t.ctx = true
		return jen.Id(t.emitter.Ctx)
	case resolve.Tasks:
		return jen.Id(t.emitter.Tasks)
	case resolve.Runner:
		return jen.Id(t.emitter.Runner)
	case resolve.AppField:
		return jen.Id(t.App).Dot(v.Field)
	case resolve.App:
		return jen.Id(t.emitter.App)
	case resolve.Provided:
		return jen.Id(v.Call.Var)
	case resolve.Argument:
		return jen.Id(t.emitter.Args).Dot(v.Field)
	}
	panic(fmt.Sprintf("emit: a task has no value of kind %d", v.Kind))
}
