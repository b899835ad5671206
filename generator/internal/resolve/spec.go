package resolve

import (
	"cmp"
	"go/types"
	"slices"
	"strconv"

	"github.com/bggen/bggen/generator/internal/diag"
	"github.com/bggen/bggen/generator/internal/scan"
)

func specOf(f *scan.Func, name string) (scan.ParamSpec, bool) {
	i := slices.IndexFunc(f.Specs, func(s scan.ParamSpec) bool { return s.Param == name })
	if i < 0 {
		return scan.ParamSpec{}, false
	}
	return f.Specs[i], true
}

// specified binds p as a param directive says. It is the one way, but for a
// wildcard, to have a client fill a defined type.
func (g *graph) specified(p scan.Param, spec scan.ParamSpec) Value {
	b := Binding{In: g.inOf(p, spec), Name: cmp.Or(spec.Name, p.Name)}
	var ok bool
	if b.Form, b.Type, ok = queryForm(p.Type); !ok {
		b.Form, ok = textForm(p.Type)
		b.Type = p.Type
	}
	switch {
	case !ok:
		g.badSpec(p, spec, "parameter %q is of type %s, which is not read from text", p.Name, g.typeString(p.Type))
		return Value{}
	case b.In == Path && b.Form != Scalar && b.Form != Defined && b.Form != Text:
		g.badSpec(p, spec, "parameter %q is of type %s, and a wildcard is one value that is always there", p.Name, g.typeString(p.Type))
		return Value{}
	case b.In == Path && !slices.ContainsFunc(g.wildcards, func(w scan.Wildcard) bool { return w.Name == b.Name }):
		g.badSpec(p, spec, "there is no wildcard {%s} in the route", b.Name)
		return Value{}
	case b.In == Cookie && b.Form == Repeated:
		g.badSpec(p, spec, "a cookie is one value, and parameter %q is a list", p.Name)
		return Value{}
	case spec.Or && (b.In == Path || b.Form != Scalar):
		g.badSpec(p, spec, "parameter %q can have no default: only T can that may be absent", p.Name)
		return Value{}
	case spec.Or:
		b.Form = Default
		if b.Or, ok = literal(b.Type, spec.Default); !ok {
			g.badSpec(p, spec, "%q is no default of type %s", spec.Default, g.typeString(b.Type))
			return Value{}
		}
	}
	g.checks(p, spec, &b)
	return g.bind(b)
}

func (g *graph) badSpec(p scan.Param, spec scan.ParamSpec, format string, args ...any) {
	g.failed = true
	if g.faulty == nil {
		g.faulty = map[string]bool{}
	}
	g.faulty[p.Name] = true
	g.report(diag.New(diag.BadParam, spec.Range, format, args...)).
		WithRelated(p.Start, "%s", p.Name).
		WithHint("a directive is written //bggen:param NAME [path|query|header|cookie][=NAME] [default=] and limits, and the tags of a field alike: `query:\"name\" default:\"1\" min:\"1\"`")
}

// inOf is where the value is read from: where the directive says, or the
// wildcard of that name, or the query.
func (g *graph) inOf(p scan.Param, spec scan.ParamSpec) In {
	switch spec.In {
	case "path":
		return Path
	case "header":
		return Header
	case "cookie":
		return Cookie
	case "":
		if slices.ContainsFunc(g.wildcards, func(w scan.Wildcard) bool { return w.Name == p.Name }) {
			return Path
		}
	}
	return Query
}

// literal is a default as Go writes it.
func literal(t types.Type, text string) (string, bool) {
	basic, ok := types.Unalias(t).(*types.Basic)
	if !ok {
		return "", false // a time or a duration: take a pointer
	}
	var err error
	bits := map[types.BasicKind]int{
		types.Int8: 8, types.Int16: 16, types.Int32: 32, types.Uint8: 8, types.Uint16: 16, types.Uint32: 32, types.Float32: 32,
	}[basic.Kind()]
	switch info := basic.Info(); {
	case info&types.IsString != 0:
		return strconv.Quote(text), true
	case info&types.IsBoolean != 0:
		return text, text == "true" || text == "false"
	case info&types.IsUnsigned != 0:
		_, err = strconv.ParseUint(text, 10, cmp.Or(bits, 64))
	case info&types.IsInteger != 0:
		_, err = strconv.ParseInt(text, 10, cmp.Or(bits, 64))
	default:
		_, err = strconv.ParseFloat(text, cmp.Or(bits, 64))
	}
	return text, err == nil
}
