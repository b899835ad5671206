package resolve

import (
	"go/types"
	"reflect"
	"slices"

	"github.com/bggen/bggen/generator/internal/diag"
	"github.com/bggen/bggen/generator/internal/gotype"
	"github.com/bggen/bggen/generator/internal/model"
	"github.com/bggen/bggen/generator/internal/naming"
	"github.com/bggen/bggen/generator/internal/scan"
	"golang.org/x/tools/go/types/typeutil"
)

// bodyOf checks the fields of JSON bodies of one package.
type bodyOf struct {
	*graph
	param  scan.Param         // of the body
	seen   gotype.Seen        // structs that were collected
	byType typeutil.Map       // types.Type to *BodyCheck
	list   []*model.BodyCheck // of byType
}

// bodyChecks finds the limits of what a body is decoded into, at any depth. The
// functions that check them are written once for the package.
func (g *graph) bodyChecks(p scan.Param, t types.Type) bool {
	c := &bodyOf{graph: g, param: p}
	c.collect(t, naming.Base(g.path[len(g.path)-1])+"Body")
	for changed := true; changed; { // until what holds something with limits is known
		changed = false
		for _, check := range c.list {
			for i := range check.Fields {
				f := &check.Fields[i]
				if !f.Inside && c.hasLimits(f.Type) {
					f.Inside, changed = true, true
				}
			}
		}
	}
	for _, check := range c.list {
		check.Fields = slices.DeleteFunc(check.Fields, func(f model.BodyField) bool {
			return !f.Inside && !f.Required && len(f.Value.Checks) == 0
		})
		if obj := g.hidden(check.Type); len(check.Fields) > 0 && obj != nil {
			g.fail(diag.BadParam, p, "there are limits in %s, which package %s does not export", g.typeString(check.Type), obj.Pkg().Name()).
				WithHint("export the type: the generated code checks its fields")
			continue
		}
		if len(check.Fields) > 0 && g.out.CheckOf(check.Type) == nil {
			g.out.BodyChecks = append(g.out.BodyChecks, check)
		}
	}
	return c.hasLimits(t)
}

// inner is the type of what is in a list, a map or behind a pointer; nil if t
// is none of these, or reads itself.
func inner(t types.Type) types.Type {
	if isCodec(t) {
		return nil
	}
	switch u := t.Underlying().(type) {
	case *types.Map:
		if basic, ok := u.Key().Underlying().(*types.Basic); ok && basic.Info()&types.IsString != 0 {
			return u.Elem()
		}
	case interface{ Elem() types.Type }: // *types.Pointer, Slice, Array
		return u.Elem()
	}
	return nil
}

// hasLimits reports whether something in t has limits, as far as is known.
func (c *bodyOf) hasLimits(t types.Type) bool {
	for seen := 0; seen < 100; seen++ { // a type may be a list of itself
		if check := c.checkOf(t); check != nil {
			return slices.ContainsFunc(check.Fields, func(f model.BodyField) bool { return f.Inside || f.Required || len(f.Value.Checks) > 0 })
		}
		if t = inner(t); t == nil {
			return false
		}
	}
	return false
}

func (c *bodyOf) checkOf(t types.Type) *model.BodyCheck {
	check, _ := c.byType.At(t).(*model.BodyCheck)
	return check
}

// collect reads the tags of all structs in t, which is the type of what is called
// name.
func (c *bodyOf) collect(t types.Type, name string) {
	for ; t != nil && c.seen.Add(t); t = inner(t) {
		if _, ok := t.Underlying().(*types.Struct); ok && !isCodec(t) {
			if named, ok := types.Unalias(t).(*types.Named); ok {
				name = named.Obj().Name()
			}
			check := &model.BodyCheck{Type: t, Within: name}
			c.byType.Set(t, check)
			c.list = append(c.list, check)
			c.fields(check)
		}
	}
}

func (c *bodyOf) fields(check *model.BodyCheck) {
	for _, f := range gotype.JSONFields(check.Type) {
		field := model.BodyField{JSON: f.Name, Type: f.Var.Type(), Value: c.limits(f.Var, f.Tag)}
		field.Required = f.Tag.Get("required") == "true"
		if !c.selectField(&field, check.Type, f) {
			continue
		}
		check.Fields = append(check.Fields, field)
		c.collect(field.Type, check.Within+naming.UpperFirst(f.Var.Name()))
	}
}

// selectField finds how generated code selects a field of a struct, and the
// embedded pointers on the way. It reports false if the code cannot.
func (c *bodyOf) selectField(field *model.BodyField, t types.Type, f gotype.JSONField) (ok bool) {
	path := append(slices.Clip(f.Through), f.Var)
	for i, embedded := range f.Through {
		if _, pointer := types.Unalias(embedded.Type()).(*types.Pointer); pointer {
			selector, ok := gotype.Selector(c.in.Types, t, path[:i+1])
			if !ok {
				return false // jsonProblem has said that nothing can be decoded into it
			}
			field.Through = append(field.Through, selector)
		}
	}
	field.Go, ok = gotype.Selector(c.in.Types, t, path)
	if !ok && (field.Required || len(field.Value.Checks) > 0) {
		c.report(diag.New(diag.BadParam, c.fieldRange(c.param, f.Var), "field %s of %s has limits, and generated code cannot name it: another field has its name", f.Var.Name(), c.typeString(t)).
			WithHint("give one of the fields another name in Go, or export the embedded struct that it is in"))
	}
	return ok
}

// limits reads those of one field.
func (c *bodyOf) limits(f *types.Var, tag reflect.StructTag) *model.Binding {
	where := c.fieldRange(c.param, f)
	b := &model.Binding{In: model.Body, Name: f.Name(), Type: f.Type()}
	spec := scan.ParamSpec{Range: where, Param: f.Name()}
	for _, kind := range limitTags {
		if value, ok := tag.Lookup(kind); ok {
			spec.Limits = append(spec.Limits, scan.Limit{Range: where, Kind: kind, Value: value})
		}
	}
	if required, ok := tag.Lookup("required"); ok && required != "true" && required != "false" {
		c.report(diag.New(diag.BadParam, where, "field %s is required:%q", f.Name(), required).WithHint("write required:\"true\", or take the tag away"))
	}
	if form, elem, t, ok := formOf(f.Type()); ok {
		b.Form, b.Elem, b.Type = form, elem, t
	} else if hasLen(f.Type()) {
		b.Form = model.Repeated
	} else if len(spec.Limits) > 0 {
		c.report(diag.New(diag.BadParam, where, "field %s is of type %s, and has no limits", f.Name(), c.typeString(f.Type())).
			WithHint("limits are of numbers, strings, lists and maps"))
		return b
	}
	c.checks(scan.Param{Range: where, Name: f.Name(), Type: f.Type()}, spec, b)
	return b
}

// hasLen reports whether t is a list or a map.
func hasLen(t types.Type) bool {
	switch t.Underlying().(type) {
	case *types.Slice, *types.Map:
		return true
	}
	return false
}
