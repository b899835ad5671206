package resolve

import (
	"go/types"

	"github.com/bggen/bggen/generator/internal/diag"
	"github.com/bggen/bggen/generator/internal/load"
	"github.com/bggen/bggen/generator/internal/scan"
)

// clashes looks for names that the generated file would declare a second time.
type clashes struct {
	*resolver
	owners map[string]owner
}

// An owner is what a generated name is for.
type owner struct {
	what string
	f    *scan.Func
}

func (o owner) String() string {
	if o.f == nil {
		return o.what
	}
	return o.what + " of " + o.f.FullName()
}

// checkNames complains where the generated file would declare what the package
// declares already, or one name twice.
func (r *resolver) checkNames() {
	c := &clashes{r, map[string]owner{}}
	if !r.out.IsEmpty() {
		c.checkPredeclared()
	}
	if r.out.HasRoutes() {
		c.claim("Register", owner{"the generated function that adds the routes of the package", nil})
	}
	for _, h := range r.out.Handlers {
		c.claim(h.Constructor, owner{"the constructor", h.Func})
	}
	if len(r.out.Overrides) > 0 {
		c.claim("Overrides", owner{"the generated struct that replaces providers", nil})
	}
	if len(r.out.Tasks) > 0 {
		c.claim("RegisterTasks", owner{"the generated function that adds the tasks of the package", nil})
	}
	tasks := map[string]*scan.Func{}
	for _, t := range r.out.Tasks {
		ok := c.claim(t.Enqueue, owner{"the function to enqueue", t.Func}) &&
			c.claim(t.Def, owner{"the definition", t.Func}) &&
			c.claim(t.ArgsType, owner{"the struct of the arguments", t.Func})
		if other := tasks[t.Name]; ok && other != nil {
			r.report(diag.New(diag.NameClash, t.Func.Range, "task %s is named %q, and so is %s", t.Func.FullName(), t.Name, other.FullName()).
				WithRelated(other.Start, "%s", other.FullName()).
				WithHint("names are what an engine stores: give each task its own"))
		}
		tasks[t.Name] = t.Func
	}
	for _, t := range r.out.Tasks {
		for _, name := range t.Func.Task.Was {
			if other := tasks[name]; other != nil {
				r.report(diag.New(diag.NameClash, t.Func.Range, "task %s has the old name %q, which is one of %s", t.Func.FullName(), name, other.FullName()).
					WithRelated(other.Start, "%s", other.FullName()).
					WithHint("a call that is stored under a name is run by one task: leave it away from the other"))
			}
			tasks[name] = t.Func
		}
	}
}

// checkPredeclared complains where the package gives another meaning to what the
// generated code writes: error, nil, len, string and the like.
func (c *clashes) checkPredeclared() {
	for _, name := range c.in.Scope.Names() {
		_, builtin := types.Universe.Lookup(name).(*types.Builtin)
		if types.Universe.Lookup(name) == nil || builtin && name != "len" {
			continue
		}
		obj := c.in.Scope.Lookup(name)
		c.report(diag.New(diag.NameClash, c.in.Position(obj), "%s %s hides what Go declares under that name, and generated code in this package needs that", kindOf(obj), name).
			WithHint("rename it, or move it to a package of its own"))
	}
}

// claim reports whether name is free.
func (c *clashes) claim(name string, o owner) bool {
	if other, taken := c.owners[name]; taken {
		if o.f == nil {
			o, other = other, o
		}
		d := c.report(diag.New(diag.NameClash, o.f.Range, "%s is called %s, and so is %s", o, name, other).
			WithHint("rename one of the functions"))
		if other.f != nil {
			d.WithRelated(other.f.Start, "%s", other.f.FullName())
		}
		return false
	}
	c.owners[name] = o
	obj := c.declared(name)
	if obj == nil {
		return true
	}
	d := c.report(diag.New(diag.NameClash, c.in.Position(obj), "%s %s is in the way of %s, which has that name", kindOf(obj), name, o).
		WithHint("rename it; or delete it, if an earlier version of %s left it behind", load.FileName))
	if o.f != nil {
		d.WithRelated(o.f.Start, "%s", o.f.FullName())
	} else {
		d.WithHint("rename it")
	}
	return false
}

// declared is what the package, or a file of it by an import, declares under
// that name.
func (c *clashes) declared(name string) types.Object {
	if obj := c.in.Scope.Lookup(name); obj != nil {
		return obj
	}
	for file := range c.in.Scope.Children() {
		if obj := file.Lookup(name); obj != nil {
			return obj
		}
	}
	return nil
}

func kindOf(obj types.Object) string {
	switch obj.(type) {
	case *types.Func:
		return "function"
	case *types.TypeName:
		return "type"
	case *types.Const:
		return "constant"
	case *types.PkgName:
		return "import"
	}
	return "variable"
}
