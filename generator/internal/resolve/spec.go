package resolve

import (
	"cmp"
	"go/token"
	"go/types"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/bggen/bggen/generator/internal/diag"
	"github.com/bggen/bggen/generator/internal/gotype"
	"github.com/bggen/bggen/generator/internal/model"
	"github.com/bggen/bggen/generator/internal/naming"
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
func (g *graph) specified(p scan.Param, spec scan.ParamSpec) model.Source {
	if spec.In == "body" {
		return g.specifiedBody(p, spec)
	}
	b := model.Binding{In: g.inOf(p, spec), Name: cmp.Or(spec.Name, p.Name), Whole: p.Type}
	var ok bool
	var problem string
	if b.In == model.FormData && isUpload(p.Type) {
		b.Form, b.Type, ok = model.File, p.Type, true
	} else if s, list := types.Unalias(p.Type).(*types.Slice); b.In == model.FormData && list && isUpload(s.Elem()) {
		b.Form, b.Type, ok = model.Files, s.Elem(), true
	} else {
		var v text
		b.Form, v, ok = g.formOf(p.Type)
		v.into(&b)
	}
	// Nothing becomes client input because somebody wrote a limit.
	otherwise := g.site().unspecified(p)
	switch {
	case spec.In == "" && otherwise != nil && otherwise.what != "":
		g.badSpec(p, spec, "parameter %q comes from %s, which a directive without a place does not change", p.Name, otherwise.what)
		return nil
	case spec.In == "" && b.In == model.Query && b.Elem != model.Scalar:
		g.badSpec(p, spec, "parameter %q is of the defined type %s, and the directive does not say where it comes from", p.Name, g.typeString(p.Type))
		return nil
	case !ok:
		g.badSpec(p, spec, "parameter %q is of type %s, which is not read from text", p.Name, g.typeString(p.Type))
		return nil
	case b.In == model.Path && b.Form != model.Single:
		g.badSpec(p, spec, "parameter %q is of type %s, and a wildcard is one value that is always there", p.Name, g.typeString(p.Type))
		return nil
	case b.In == model.Path && !g.site().isWildcard(b.Name):
		g.badSpec(p, spec, "there is no wildcard {%s} in the route", b.Name)
		return nil
	case b.In == model.Cookie && b.Form == model.Repeated:
		g.badSpec(p, spec, "a cookie is one value, and parameter %q is a list", p.Name)
		return nil
	case spec.Or && b.In == model.Path:
		g.badSpec(p, spec, "parameter %q can have no default: a wildcard of the route is always there", p.Name)
		return nil
	case spec.Or && b.Form == model.Repeated && b.Elem != model.Text:
		for text := range strings.SplitSeq(spec.Default, "|") {
			value, ok := literal(b.ReadAs(), text)
			if !ok {
				g.badSpec(p, spec, "%q is no default of type %s", text, g.typeString(b.Type))
				return nil
			}
			b.OrList = append(b.OrList, value)
		}
	case spec.Or && b.Form != model.Single:
		g.badSpec(p, spec, "parameter %q can have no default: it is of type %s, which says by itself that the value is absent", p.Name, g.typeString(p.Type))
		return nil
	case spec.Or && b.Elem == model.Text:
		g.badSpec(p, spec, "parameter %q can have no default: %s reads itself from text", p.Name, g.typeString(p.Type))
		return nil
	case spec.Or:
		b.Form = model.Default
		if b.Or, ok = literal(b.ReadAs(), spec.Default); !ok {
			g.badSpec(p, spec, "%q is no default of type %s", spec.Default, g.typeString(b.Type))
			return nil
		}
	}
	if b.Form == model.Single && b.Elem == model.Defined && b.In != model.Path && isCredential(b.Type) {
		b.Form = model.Credential
	}
	g.checks(p, spec, &b)
	g.checksOfType(&b)
	if c := violated(&b); c != nil {
		g.badSpec(p, spec, "the default %s is not within the limits: it %s", spec.Default, c.Message)
		return nil
	}
	if b.Doc = spec.Doc; spec.Example != nil {
		if b.Example, problem = g.exampleOf(&b, *spec.Example, false); problem != "" {
			g.badSpec(p, spec, "the example %q of parameter %q does not fit: %s", *spec.Example, p.Name, problem)
			return nil
		}
	}
	return g.bind(b)
}

// specifiedBody binds p to the body, or to a member of it.
func (g *graph) specifiedBody(p scan.Param, spec scan.ParamSpec) model.Source {
	switch {
	case spec.Or || len(spec.Limits) > 0 || spec.Example != nil || spec.Doc != "":
		g.badSpec(p, spec, "parameter %q is read from the body, and the directive has a limit, a default, an example or a text", p.Name)
		return nil
	case spec.Name == "":
		return g.body(p)
	}
	if strings.ContainsFunc(spec.Name, func(r rune) bool { return strings.ContainsRune("\"'`\\,", r) || unicode.IsControl(r) }) {
		g.badSpec(p, spec, "%q is no name of a member", spec.Name)
		return nil
	}
	name := naming.Exported(spec.Name)
	tag := "json:" + strconv.Quote(spec.Name)
	if !gotype.IsPointer(p.Type) {
		tag += ` required:"true"`
	}
	field := types.NewField(token.NoPos, g.in.Types, name, p.Type, false)
	return g.bodyOf(p, types.NewStruct([]*types.Var{field}, []string{tag}), spec.Name)
}

// checksOfType adds the limits that the type of a value says of itself: of a list, they
// are those of each item.
func (g *graph) checksOfType(b *model.Binding) {
	if b.Form == model.Repeated {
		b.Each = g.boundChecks(b.Type)
	} else if b.Form != model.File && b.Form != model.Files {
		b.Checks = append(b.Checks, g.boundChecks(b.Type)...)
	}
}

// isCredential reports whether t is a string that says itself how a request
// without it is refused: auth.APIKey is one.
func isCredential(t types.Type) bool {
	basic, ok := t.Underlying().(*types.Basic)
	return ok && basic.Kind() == types.String && gotype.HasMethod(t, "Missing", nil, gotype.OnlyError)
}

// isUpload reports whether t is *multipart.FileHeader.
func isUpload(t types.Type) bool {
	ptr, ok := types.Unalias(t).(*types.Pointer)
	return ok && gotype.IsNamed(ptr.Elem(), "mime/multipart", "FileHeader")
}

func (g *graph) badSpec(p scan.Param, spec scan.ParamSpec, format string, args ...any) {
	g.fault(p)
	g.report(diag.New(diag.BadParam, spec.Range, format, args...)).
		WithRelated(p.Start, "%s", p.Name).
		WithHint("a directive is written //bggen:param NAME [path|query|header|cookie|form|body][=NAME] [default=] [example=] [doc=] and limits, and the tags of a field alike: `query:\"name\" default:\"1\" min:\"1\"`")
}

// inOf is where the value is read from: where the directive says, or the
// wildcard of that name, or the query.
func (g *graph) inOf(p scan.Param, spec scan.ParamSpec) model.In {
	switch spec.In {
	case "path":
		return model.Path
	case "header":
		return model.Header
	case "cookie":
		return model.Cookie
	case "form":
		return model.FormData
	case "":
		if g.site().isWildcard(p.Name) {
			return model.Path
		}
	}
	return model.Query
}

// literal is a default or a limit as Go writes it; of a time and a duration, it is
// their text, quoted.
func literal(t types.Type, text string) (string, bool) {
	switch {
	case gotype.IsTime(t):
		v, err := time.Parse(time.RFC3339, text)
		return strconv.Quote(v.Format(time.RFC3339Nano)), err == nil
	case gotype.IsDuration(t):
		v, err := time.ParseDuration(text)
		return strconv.Quote(v.String()), err == nil
	}
	basic, ok := t.Underlying().(*types.Basic)
	if !ok {
		return "", false
	}
	bits := map[types.BasicKind]int{
		types.Int8: 8, types.Int16: 16, types.Int32: 32, types.Uint8: 8, types.Uint16: 16, types.Uint32: 32, types.Float32: 32,
	}[basic.Kind()]
	bits = cmp.Or(bits, 64)
	switch info := basic.Info(); {
	case info&types.IsString != 0:
		return strconv.Quote(text), true
	case info&types.IsBoolean != 0:
		return text, text == "true" || text == "false"
	case info&types.IsUnsigned != 0:
		n, err := strconv.ParseUint(text, 10, bits)
		return strconv.FormatUint(n, 10), err == nil
	case info&types.IsInteger != 0:
		n, err := strconv.ParseInt(text, 10, bits)
		return strconv.FormatInt(n, 10), err == nil
	}
	n, err := strconv.ParseFloat(text, bits)
	return strconv.FormatFloat(n, 'g', -1, bits), err == nil && !math.IsNaN(n) && !math.IsInf(n, 0)
}
