package resolve

import (
	"go/token"
	"go/types"
	"path"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/bggen/bggen/generator/internal/scan"
)

// Locals are the names of the generated code's own variables. Each is the
// usual one, unless the package has a function or type of that name which the
// code around has to call or name.
type Locals struct{ X, Runner, App, Opts, Override, O, Err, Ctx, Args, Tasks, Mux, V, At string }

// An Import is a package that the generated code may import.
type Import struct {
	Path, Name string
	Alias      bool // the name is not the package's own
}

// baseName is the name of f, after that of its receiver's type, and with those
// of the types that are filled in.
func baseName(f *scan.Func) string {
	name := f.Name
	if f.Receiver != nil {
		name = f.Receiver.Named.Obj().Name() + upperFirst(name)
	}
	for _, arg := range f.TypeArgs {
		name += upperFirst(typeName(arg, strings.Map(nameRune, types.TypeString(arg, func(*types.Package) string { return "" }))))
	}
	return name
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

func upperFirst(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	if !unicode.IsUpper(unicode.ToUpper(r)) { // _x, or a script without cases
		return "X" + s
	}
	return string(unicode.ToUpper(r)) + s[n:]
}

// fieldName is the name of a struct's field for a parameter: ID for id.
func fieldName(param string) string {
	if slices.Contains([]string{"api", "html", "http", "id", "ip", "json", "sql", "ttl", "uri", "url", "uuid", "xml"}, param) {
		return strings.ToUpper(param)
	}
	return upperFirst(param)
}

// lowerFirst is s as that of something not exported: order for Order, httpPing
// for HTTPPing.
func lowerFirst(s string) string {
	if plural, ok := strings.CutSuffix(s, "s"); ok && len(plural) > 1 && plural == strings.ToUpper(plural) {
		return strings.ToLower(s) // ids for IDs
	}
	runes := []rune(s)
	for i, r := range runes {
		if !unicode.IsUpper(r) || i > 0 && i+1 < len(runes) && unicode.IsLower(runes[i+1]) {
			break
		}
		runes[i] = unicode.ToLower(r)
	}
	return string(runes)
}

// nameAll names everything that the generated code declares within functions,
// and its imports.
func (r *resolver) nameAll() {
	r.namePatterns()
	outer := r.outerNames()
	fixed := newNames(outer)
	l := Locals{
		X: fixed.take("x", "change"), Runner: fixed.take("runner", "Value"), App: fixed.take("app", "Value"),
		Opts: fixed.take("opts", "Value"), Override: fixed.take("override", "Value"), O: fixed.take("o", "Value"), Err: fixed.take("err", "Value"), Ctx: fixed.take("ctx", "Value"),
		Args: fixed.take("args", "Value"), Tasks: fixed.take("bg", "Value"), Mux: fixed.take("mux", "Value"), V: fixed.take("v", "Value"), At: fixed.take("at", "Value"),
	}
	r.out.Locals = l
	r.nameImports(newNames(fixed))
	for _, i := range r.out.Imports {
		outer.reserve(i.Name)
	}

	nameOverrides(r.out)
	for _, m := range r.out.Methods {
		nameMethodVars(newNames(outer).reserve(l.O, l.X, l.App, l.Err), m)
	}
	for _, h := range r.out.Handlers {
		nameVars(newNames(outer).reserve(l.X, l.Runner, l.App, l.Opts, l.Override, l.Err), h)
	}
	for _, t := range r.out.Tasks {
		nameTaskVars(newNames(outer).reserve(l.X, l.Runner, l.App, l.Err, l.Ctx, l.Args, l.Tasks), t)
		enqueue := newNames(outer).reserve(l.Tasks, l.Opts, t.Def, t.ArgsType)
		for i := range t.Fields {
			t.Fields[i].Param = enqueue.take(t.Fields[i].Param, "Arg")
		}
	}
}

// namePatterns names the compiled patterns, one variable for each, whoever uses
// it; and the functions that check bodies.
func (r *resolver) namePatterns() {
	n := newNames(nil)
	n.reserve(r.in.Scope.Names()...)
	for file := range r.in.Scope.Children() {
		n.reserve(file.Names()...)
	}
	var bindings []*Binding
	for _, h := range r.out.Handlers {
		bindings = append(bindings, h.Bindings()...)
	}
	for _, check := range r.out.BodyChecks {
		check.Name = n.take("check"+upperFirst(checkName(check.Type)), "Body")
		for _, f := range check.Fields {
			bindings = append(bindings, f.Value)
		}
	}
	for _, b := range bindings {
		for i := range b.Checks {
			c := &b.Checks[i]
			if c.Kind != "pattern" {
				continue
			}
			at := slices.IndexFunc(r.out.Patterns, func(p Pattern) bool { return p.Text == c.Args[0] })
			if at < 0 {
				at = len(r.out.Patterns)
				base := lowerFirst(strings.Map(nameRune, b.Name))
				if !token.IsIdentifier(base) {
					base = "value"
				}
				name := n.take(base+"Pattern", "")
				r.out.Patterns = append(r.out.Patterns, Pattern{name, c.Args[0]})
			}
			c.Var = r.out.Patterns[at].Var
		}
	}
}

// checkName is the name of a struct type, with those of its type arguments.
func checkName(t types.Type) string {
	name := typeName(t, "body")
	if named, ok := types.Unalias(t).(*types.Named); ok {
		for arg := range named.TypeArgs().Types() {
			name += upperFirst(typeName(underPointers(arg), strings.Map(nameRune, types.TypeString(arg, func(*types.Package) string { return "" }))))
		}
	}
	return name
}

func nameRune(r rune) rune {
	if unicode.IsLetter(r) || unicode.IsDigit(r) {
		return r
	}
	return -1
}

// outerNames are the package's own names that generated functions refer to.
func (r *resolver) outerNames() *names {
	outer := newNames(nil).reserve("len")
	for _, p := range r.out.Patterns {
		outer.reserve(p.Var)
	}
	for _, c := range r.out.BodyChecks {
		outer.reserve(c.Name)
	}
	use := func(f *scan.Func, calls []*Call) {
		if f.Receiver == nil {
			outer.reserve(f.Name)
		}
		for _, c := range calls {
			if c.Provider.Receiver == nil && c.Provider.Qualifier == "" {
				outer.reserve(c.Provider.Name)
			}
		}
	}
	for _, h := range r.out.Handlers {
		use(h.Func, h.Calls())
	}
	for _, t := range r.out.Tasks {
		use(t.Func, t.Calls)
	}
	for _, obj := range r.out.namedTypes() {
		if obj.Pkg() != nil && obj.Pkg().Path() == r.in.Path {
			outer.reserve(obj.Name())
		}
	}
	return outer
}

// nameImports gives each package that the generated code may import its own
// name, or an alias where that is taken: by another import, by what the package
// declares, or by a variable of the generated code.
func (r *resolver) nameImports(n *names) {
	add := func(importPath, name string) {
		i := Import{Path: importPath, Name: name}
		for n.has(i.Name) || r.in.Scope.Lookup(i.Name) != nil {
			i.Alias = true
			if i.Name == name {
				i.Name = strings.Map(letters, path.Base(path.Dir(importPath))) + name
			} else {
				i.Name += "pkg"
			}
			if i.Name == name { // nothing before it in the path
				i.Name += "pkg"
			}
		}
		n.reserve(i.Name)
		r.out.Imports = append(r.out.Imports, i)
	}
	add("context", "context")
	add("net/http", "http")
	add(scan.RuntimePath, "runtime")
	add(scan.AdapterPath, "adapter")
	add("regexp", "regexp")
	add("unicode/utf8", "utf8")
	seen := map[string]bool{"context": true, "net/http": true, "regexp": true, "unicode/utf8": true, scan.RuntimePath: true, scan.AdapterPath: true, r.in.Path: true}
	if slices.ContainsFunc(r.out.Tasks, func(t *Task) bool { return t.Func.Task.Timeout+t.Func.Task.Backoff != 0 }) {
		seen["time"] = true
		add("time", "time")
	}
	for _, p := range r.out.mentionedPackages() {
		if !seen[p.Path()] {
			seen[p.Path()] = true
			add(p.Path(), p.Name())
		}
	}
}

func letters(r rune) rune {
	if r >= 'a' && r <= 'z' {
		return r
	}
	return -1
}
