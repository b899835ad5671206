package resolve

import (
	"go/types"
	"slices"
	"strings"

	"github.com/bggen/bggen/generator/internal/diag"
	"github.com/bggen/bggen/generator/internal/scan"
)

// An appField is a field of the app struct.
type appField struct {
	name string
	typ  types.Type
	at   diag.Range
}

// findApp finds what the constructors of the package take: the app struct, or
// the only type that has methods with a role.
func (r *resolver) findApp() {
	r.out.receivers = map[*scan.Func]string{}
	if app := r.in.App; app != nil {
		r.out.App = app.Named
		r.addFields(app.Struct, nil)
		for _, f := range r.in.Funcs {
			if f.Receiver != nil {
				r.out.receivers[f] = r.receiverPath(f)
				r.checkReceiver(f)
			}
		}
		return
	}
	var first *scan.Func
	for _, f := range r.in.Funcs {
		switch {
		case f.Receiver == nil:
		case first == nil:
			first = f
			r.out.App = f.Receiver.Named
		case f.Receiver.Named.Obj() != first.Receiver.Named.Obj():
			r.report(diag.New(diag.TwoReceivers, f.Receiver.Range, "%s is a method of another type than %s", f.FullName(), first.FullName()).
				WithRelated(first.Start, "%s", first.FullName()).
				WithHint("write a struct that has both as fields, with //bggen:app above it: the constructors take a pointer to that"))
		}
	}
}

// addFields adds the fields of a struct, and those of structs that are embedded
// in it, as app values. A field of a type that says nothing is none.
func (r *resolver) addFields(s *types.Struct, above []*types.Struct) {
	if slices.Contains(above, s) {
		return // embedded in itself, through a pointer
	}
	above = append(above, s)
	for i := range s.NumFields() {
		f := s.Field(i)
		if embedded, ok := underPointers(f.Type()).Underlying().(*types.Struct); f.Embedded() && ok {
			r.addFields(embedded, above)
		}
		if !isPlain(f.Type()) && f.Name() != "_" && (f.Exported() || f.Pkg().Path() == r.in.Path) {
			r.fields = append(r.fields, appField{f.Name(), types.Unalias(f.Type()), r.in.Position(f)})
		}
	}
}

// checkReceiver complains of a method that no app value has.
func (r *resolver) checkReceiver(f *scan.Func) {
	if r.receiverPath(f) == "" && f.Receiver.Named.Obj() != r.out.App.Obj() {
		app := r.out.App.Obj().Name()
		r.report(diag.New(diag.TwoReceivers, f.Receiver.Range, "%s is a method of a type that is neither %s nor that of one of its fields", f.FullName(), app).
			WithRelated(r.in.App.Start, "%s", app).
			WithHint("add a field to %s: %s *%s", app, upperFirst(f.Receiver.Named.Obj().Name()), f.Receiver.Named.Obj().Name()))
	}
}

// receiverPath is the field of the app struct that f is a method of; "" if it
// is one of the struct itself, or of none.
func (r *resolver) receiverPath(f *scan.Func) string {
	for _, field := range r.fields {
		if types.Identical(underPointers(field.typ), f.Receiver.Named) {
			return field.name
		}
	}
	return ""
}

// appValue finds the app value of exactly type t.
func (g *graph) appValue(p scan.Param) (Value, bool) {
	t := types.Unalias(p.Type)
	if g.isApp(t) {
		return Value{Kind: App}, true
	}
	var found []appField
	for _, field := range g.fields {
		if types.Identical(field.typ, t) {
			found = append(found, field)
		}
	}
	if len(found) == 0 {
		return Value{}, false
	}
	if len(found) > 1 {
		d := g.fail(diag.AmbiguousSource, p, "parameter %s could be any of the fields %s", paramName(p), fieldNames(found))
		for _, field := range found {
			d.WithRelated(field.at.Start, "%s", field.name)
		}
		d.WithHint("define a type for one of them, or write a provider of a type of its own that takes *%s and returns the right one", g.out.App.Obj().Name())
		return Value{}, true
	}
	g.needs(found[0])
	return Value{Kind: AppField, Field: found[0].name}, true
}

func fieldNames(fields []appField) string {
	names := make([]string, len(fields))
	for i, f := range fields {
		names[i] = f.name
	}
	return strings.Join(names, ", ")
}

// needs notes a field that would panic in a request if it were nil.
func (g *graph) needs(f appField) {
	switch f.typ.Underlying().(type) {
	case *types.Pointer, *types.Interface, *types.Map, *types.Chan, *types.Signature:
		if !slices.Contains(g.needed, f.name) {
			g.needed = append(g.needed, f.name)
		}
	}
}

// needsReceiver notes the field that f is a method of.
func (g *graph) needsReceiver(f *scan.Func) {
	for _, field := range g.fields {
		if f.Receiver != nil && field.name == g.receiverPath(f) {
			g.needs(field)
		}
	}
}

func (g *graph) isApp(t types.Type) bool {
	p, ok := types.Unalias(t).(*types.Pointer)
	return ok && g.out.App != nil && types.Identical(p.Elem(), g.out.App)
}
