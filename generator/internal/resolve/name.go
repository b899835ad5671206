package resolve

import (
	"fmt"
	"go/token"
	"go/types"

	"github.com/bggen/bggen/generator/internal/diag"
	"github.com/bggen/bggen/generator/internal/load"
	"github.com/bggen/bggen/generator/internal/scan"
)

// baseName is the name of f, after that of its receiver's type.
func baseName(f *scan.Func) string {
	if f.Receiver == nil {
		return f.Name
	}
	return f.Receiver.Named.Obj().Name() + upperFirst(f.Name)
}

// exportedLike is a name for something that belongs to f, exported if f is.
func exportedLike(f *scan.Func, prefix, name string) string {
	exported := f.Exported && (f.Receiver == nil || f.Receiver.Named.Obj().Exported())
	switch {
	case exported && prefix == "":
		return upperFirst(name)
	case exported:
		return prefix + upperFirst(name)
	case prefix == "":
		return lowerFirst(name)
	}
	return lowerFirst(prefix) + upperFirst(name)
}

func constructorName(f *scan.Func) string { return exportedLike(f, "", baseName(f)) + "Handler" }

// checkNames complains where the generated file would declare what the package
// declares already.
func (r *resolver) checkNames() {
	owners := map[string]string{}
	claim := func(f *scan.Func, name, what string) {
		if other, ok := owners[name]; ok {
			r.report(diag.New(diag.NameClash, f.Range, "%s of %s is called %s, and so is %s", what, f.FullName(), name, other).
				WithHint("rename one of the functions"))
			return
		}
		owners[name] = fmt.Sprintf("%s of %s", what, f.FullName())
		obj := r.in.Scope.Lookup(name)
		if obj == nil {
			return
		}
		r.report(diag.New(diag.NameClash, f.Range, "%s of %s is called %s, and the package has a %s of that name", what, f.FullName(), name, kindOf(obj)).
			WithHint("rename it, or delete it if an earlier version of %s left it behind", load.FileName))
	}
	if r.out.HasRoutes() {
		claim(r.out.Handlers[0].Func, "Register", "the function for the routes")
	}
	for _, h := range r.out.Handlers {
		claim(h.Func, h.Constructor, "the constructor")
	}
	if len(r.out.Tasks) > 0 {
		claim(r.out.Tasks[0].Func, "RegisterTasks", "the function for the tasks")
	}
	for _, t := range r.out.Tasks {
		claim(t.Func, t.Enqueue, "the function to enqueue")
		claim(t.Func, t.Def, "the definition")
		claim(t.Func, t.ArgsType, "the struct of the arguments")
	}
	r.checkTaskNames()
}

// checkTaskNames complains of tasks that a runner could not tell apart.
func (r *resolver) checkTaskNames() {
	owners := map[string]*scan.Func{}
	for _, t := range r.out.Tasks {
		if other := owners[t.Name]; other != nil {
			r.report(diag.New(diag.NameClash, t.Func.Range, "task %s is named %q, and so is %s", t.Func.FullName(), t.Name, other.FullName()).
				WithRelated(other.Start, "%s", other.FullName()).
				WithHint("names are what an engine stores: give each task its own"))
		}
		owners[t.Name] = t.Func
	}
}

func kindOf(obj types.Object) string {
	switch obj.(type) {
	case *types.Func:
		return "function"
	case *types.TypeName:
		return "type"
	case *types.Const:
		return "constant"
	}
	return "variable"
}

// names hands out the names of variables in one function.
type names map[string]bool

func (n names) reserve(list ...string) {
	for _, name := range list {
		n[name] = true
	}
}

// take is want, or the first of want+suffix, want+suffix2, ... that is free.
func (n names) take(want, suffix string) string {
	name := want
	for i := 1; n[name] || token.IsKeyword(name) || name == "" || name == "_"; i++ {
		name = want + suffix
		if want == "_" {
			name = lowerFirst(suffix)
		}
		if i > 1 {
			name = fmt.Sprint(name, i)
		}
	}
	n[name] = true
	return name
}

// reserveFor reserves what the code around calls and types refers to.
func (n names) reserveFor(calls []*Call, bindings []*Binding, ts ...types.Type) {
	for _, c := range calls {
		n.reserve(c.Provider.Name)
	}
	for _, b := range bindings {
		ts = append(ts, b.Type)
	}
	for _, t := range ts {
		for _, obj := range mentioned(t) {
			n.reserve(obj.Name())
			if obj.Pkg() != nil {
				n.reserve(obj.Pkg().Name())
			}
		}
	}
}

// mentioned is the named types that t is written with.
func mentioned(t types.Type) []*types.TypeName {
	switch t := t.(type) {
	case *types.Alias:
		return []*types.TypeName{t.Obj()}
	case *types.Named:
		list := []*types.TypeName{t.Obj()}
		for arg := range t.TypeArgs().Types() {
			list = append(list, mentioned(arg)...)
		}
		return list
	case *types.Basic:
		if obj, ok := types.Universe.Lookup(t.Name()).(*types.TypeName); ok {
			return []*types.TypeName{obj}
		}
	case *types.Pointer:
		return mentioned(t.Elem())
	case *types.Slice:
		return mentioned(t.Elem())
	case *types.Array:
		return mentioned(t.Elem())
	case *types.Map:
		return append(mentioned(t.Key()), mentioned(t.Elem())...)
	case *types.Struct:
		var list []*types.TypeName
		for f := range t.Fields() {
			list = append(list, mentioned(f.Type())...)
		}
		return list
	}
	return nil
}

// nameVars names the variables of an adapter as its parameters are named.
func nameVars(h *Handler) {
	n := names{}
	n.reserve("x", "err", "app", "runner", "opts", "nil", "runtime", "http", h.Func.Name)
	n.reserveFor(h.Calls, h.Bindings)
	for i, v := range h.Args {
		name := h.Func.Params[i].Name
		switch {
		case v.Binding != nil && v.Binding.Var == "":
			v.Binding.Var = n.take(name, "Param")
		case v.Call != nil && v.Call.Var == "":
			v.Call.Var = n.take(name, "Value")
		}
	}
	for _, call := range h.Calls {
		nameArgs(n, call)
	}
	if h.Result.Kind > NoContent {
		h.Result.Var = n.take(resultName(h.Func.Results[0]), "Result")
	}
}

// nameArgs names what only a provider needs.
func nameArgs(n names, call *Call) {
	for i, v := range call.Args {
		name := call.Provider.Params[i].Name
		switch {
		case v.Binding != nil && v.Binding.Var == "":
			v.Binding.Var = n.take(name, "Param")
		case v.Call != nil && v.Call.Var == "":
			v.Call.Var = n.take(name, "Value")
		}
	}
}

func nameTaskVars(t *Task) {
	n := names{}
	n.reserve("ctx", "args", "err", "app", "runner", "bg", "runtime", "context", t.Func.Name)
	n.reserveFor(t.Calls, nil)
	for i, v := range t.Args {
		if v.Call != nil && v.Call.Var == "" {
			v.Call.Var = n.take(t.Func.Params[i].Name, "Value")
		}
	}
	for _, call := range t.Calls {
		nameArgs(n, call)
	}
	enqueue := names{}
	enqueue.reserve("bg", "opts", "runtime", t.Def, t.ArgsType)
	for _, f := range t.Fields {
		enqueue.reserveFor(nil, nil, f.Type)
	}
	for i := range t.Fields {
		t.Fields[i].Param = enqueue.take(t.Fields[i].Param, "Arg")
	}
}

// resultName is the name of a type as that of a variable: order for Order.
func resultName(t types.Type) string {
	if named, ok := underPointers(t).(*types.Named); ok && named.Obj().Exported() {
		return lowerFirst(named.Obj().Name())
	}
	return "result"
}
