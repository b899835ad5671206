package resolve

import (
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

// An appField is a field of the app struct, or one of a struct embedded in it.
type appField struct {
	name  string // as it is selected: DB, or Base.DB where DB is another one
	typ   types.Type
	at    diag.Range
	depth int      // of the embedding
	over  []string // pointers on the way, which must not be nil
}

// findApp finds what the constructors of the package take: the app struct, or
// the only type that has methods with a role.
func (r *resolver) findApp() {
	r.app = r.in.App
	for _, u := range r.uses {
		r.useApp(u)
	}
	if r.app != nil {
		r.out.App = r.app.Named
		r.addFields(r.app.Struct, "", nil, nil)
		for _, f := range r.callable() {
			if f.Receiver != nil {
				r.setReceiver(f)
			}
		}
		return
	}
	var first *scan.Func
	for _, f := range r.callable() {
		switch {
		case f.Receiver == nil:
		case first == nil:
			first = f
			r.out.App = f.Receiver.Named
		case f.Receiver.Named.Obj() != first.Receiver.Named.Obj():
			r.report(diag.New(diag.TwoReceivers, f.Receiver.Range, "%s is a method of another type than %s", f.FullName(), first.FullName()).
				WithRelated(first.Start, "%s", first.FullName()).
				WithHint("Register takes one receiver for all methods: write a struct that has both types as fields, with //bggen:app above it"))
		}
	}
}

// callable is the functions that have a role, and those that a depends names.
func (r *resolver) callable() []*scan.Func {
	list := slices.Clone(r.in.Funcs)
	add := func(deps []scan.Depend) {
		for _, dep := range deps {
			if f := r.in.ByName[dep.Target]; f != nil && dep.Package == "" && !slices.Contains(list, f) {
				list = append(list, f)
			}
		}
	}
	add(r.in.Guards)
	for i := 0; i < len(list); i++ { // it grows
		add(list[i].Depends)
	}
	return list
}

// addFields adds the fields of a struct, and those of structs that are embedded
// in it, as app values. One of a type that says nothing is a value only by name.
func (r *resolver) addFields(s *types.Struct, path string, over []string, above []*types.Struct) {
	if slices.Contains(above, s) {
		return // embedded in itself, through a pointer
	}
	above = append(slices.Clone(above), s)
	for i := range s.NumFields() {
		f := s.Field(i)
		if f.Name() == "_" || !f.Exported() && f.Pkg().Path() != r.in.Path {
			continue
		}
		name := path + f.Name()
		if embedded, ok := gotype.UnderPointers(f.Type()).Underlying().(*types.Struct); f.Embedded() && ok {
			way := over
			if gotype.IsPointer(f.Type()) {
				way = append(slices.Clone(over), name)
			}
			r.addFields(embedded, name+".", way, above)
		}
		if obj, _, _ := types.LookupFieldOrMethod(r.app.Named, true, f.Pkg(), f.Name()); obj == f {
			name = f.Name() // it is promoted, and no other is in the way
		}
		field := appField{name, types.Unalias(f.Type()), r.in.Position(f), len(above), over}
		if isPlain(f.Type()) {
			r.plain = append(r.plain, field)
		} else {
			r.fields = append(r.fields, field)
		}
	}
}

// useApp takes the app struct of a used package, unless this one's holds it.
func (r *resolver) useApp(u used) {
	switch {
	case u.App == nil:
	case !u.App.Named.Obj().Exported():
		r.report(diag.New(diag.Unexported, u.Range, "the app struct %s.%s is not exported", u.Name, u.App.Named.Obj().Name()).
			WithRelated(u.App.Start, "%s", u.App.Named.Obj().Name()).
			WithHint("export it: constructors of this package take a pointer to it"))
	case r.app == nil:
		r.app = u.App
	case !holds(r.app.Struct, u.App.Named):
		r.report(diag.New(diag.DirectiveConflict, u.Range, "package %s has the app struct %s, and there is %s already", u.Name, u.App.Named.Obj().Name(), r.typeString(r.app.Named)).
			WithRelated(r.app.Start, "%s", r.app.Named.Obj().Name()).
			WithHint("%s: constructors take one app value", r.oneApp(u)))
	}
}

// oneApp is how the app struct of a used package comes to be part of this one's.
func (r *resolver) oneApp(u used) string {
	theirs := u.Name + "." + u.App.Named.Obj().Name()
	if r.app == r.in.App {
		return fmt.Sprintf("add a field of type *%s to %s", theirs, r.app.Named.Obj().Name())
	}
	return fmt.Sprintf("write a //bggen:app struct in this package with fields of type *%s and *%s", theirs, r.typeString(r.app.Named))
}

// holds reports whether s has a field of the type, or of a pointer to it.
func holds(s *types.Struct, named *types.Named) bool {
	for f := range s.Fields() {
		if types.Identical(gotype.UnderPointers(f.Type()), named) {
			return true
		}
	}
	return false
}

// receiverOf finds the app value that a method of another package is called on.
func (r *resolver) receiverOf(f *scan.Func) {
	if f.Receiver == nil || f.Qualifier == "" || r.out.Receivers[f] != "" {
		return
	}
	if r.out.App == nil {
		r.out.App = f.Receiver.Named
	}
	r.setReceiver(f)
}

// setReceiver finds the app value that f is a method of.
func (r *resolver) setReceiver(f *scan.Func) {
	app := r.out.App.Obj().Name()
	fields := r.receiverFields(f)
	switch {
	case f.Receiver.Named.Obj() == r.out.App.Obj():
	case len(fields) == 0:
		d := diag.New(diag.TwoReceivers, f.Receiver.Range, "%s is a method of a type that is neither %s nor that of one of its fields", f.FullName(), app)
		if r.app != nil {
			d.WithRelated(r.app.Start, "%s", app)
		}
		r.report(d.
			WithHint("add a field to %s: %s *%s", app, naming.UpperFirst(f.Receiver.Named.Obj().Name()), r.typeString(f.Receiver.Named)))
	case len(fields) > 1:
		r.report(diag.New(diag.AmbiguousSource, f.Receiver.Range, "%s could be called on any of the fields %s", f.FullName(), fieldNames(fields)).
			WithHint("define a type for one of them, or write a method of %s that calls the right one", app))
	default:
		r.out.Receivers[f] = fields[0].name
	}
}

// receiverFields are the shallowest fields that f is a method of.
func (r *resolver) receiverFields(f *scan.Func) []appField {
	var found []appField
	for _, field := range r.fields {
		t := field.typ
		if p, ok := t.(*types.Pointer); ok {
			t = p.Elem()
		}
		if types.Identical(t, f.Receiver.Named) {
			found = append(found, field)
		}
	}
	return shallowest(found)
}

// shallowest is the fields that are embedded the least deep: as in Go, they hide
// the others.
func shallowest(fields []appField) []appField {
	depth := 0
	for i, f := range fields {
		if i == 0 || f.depth < depth {
			depth = f.depth
		}
	}
	return slices.DeleteFunc(fields, func(f appField) bool { return f.depth > depth })
}

// fieldsOf is the shallowest fields of exactly type t.
func (r *resolver) fieldsOf(t types.Type) (found []appField) {
	for _, field := range r.fields {
		if types.Identical(field.typ, types.Unalias(t)) {
			found = append(found, field)
		}
	}
	return shallowest(found)
}

// appField is the only one of the app values of a type.
func (g *graph) appField(p scan.Param, fields []appField) model.Source {
	if len(fields) > 1 {
		d := g.fail(diag.AmbiguousSource, p, "parameter %s could be any of the fields %s", paramName(p), fieldNames(fields))
		for _, field := range fields {
			d.WithRelated(field.at.Start, "%s", field.name)
		}
		d.WithHint("say which: //bggen:depends %s=%s.%s", p.Name, g.out.App.Obj().Name(), fields[0].name)
		return nil
	}
	return model.AppField{Name: fields[0].name}
}

func fieldNames(fields []appField) string {
	names := make([]string, len(fields))
	for i, f := range fields {
		names[i] = f.name
	}
	return strings.Join(names, ", ")
}

// neededBy lists the fields that a call of f takes or is made on and that would
// panic in a request if they were nil, each after the pointers on the way to it.
func (r *resolver) neededBy(f *scan.Func, args []model.Source) (list []string) {
	add := func(name string) {
		for _, field := range r.fields {
			if field.name != name {
				continue
			}
			list = append(list, field.over...)
			switch field.typ.Underlying().(type) {
			case *types.Pointer, *types.Interface, *types.Map, *types.Chan, *types.Signature:
				list = append(list, name)
			}
		}
	}
	add(r.out.Receivers[f])
	for _, v := range args {
		if field, ok := v.(model.AppField); ok {
			add(field.Name)
		}
	}
	return list
}

func (r *resolver) isApp(t types.Type) bool {
	p, ok := types.Unalias(t).(*types.Pointer)
	return ok && r.out.App != nil && types.Identical(p.Elem(), r.out.App)
}
