package scan

import (
	"slices"

	"github.com/bggen/bggen/generator/internal/diag"
)

// paramSpec reads the name of a parameter.
func (s *scanner) paramSpec(t *target, d directive) bool {
	name := d.args[0]
	if slices.ContainsFunc(t.f.Specs, func(other ParamSpec) bool { return other.Param == name.text }) {
		s.report(diag.New(diag.DirectiveConflict, d.Range, "a second %s for %q", d, name.text).
			WithHint("write what it says into the first"))
		return false
	}
	t.param = ParamSpec{Range: name.Range, Param: name.text}
	return true
}

// addParam adds what was read to the function.
func (s *scanner) addParam(t *target, d directive) {
	if t.param.In == "header" && t.param.Name == "" {
		s.report(diag.New(diag.DirectiveArgument, d.Range, "a header needs its name").
			WithHint("write //bggen:param %s header=X-Name", t.param.Param))
		return
	}
	t.f.Specs = append(t.f.Specs, t.param)
}

// paramOptions are [in][=NAME], [default=], limits, [example=] and [doc=].
var paramOptions = slices.Concat(
	each(maybeWith, setIn, "path", "query", "header", "cookie", "form", "body"),
	[]option{{key: "default", set: func(t *target, value string) bool {
		t.param.Default, t.param.Or = value, true
		return true
	}}},
	each(keyValue, setLimit, "min", "max", "gt", "lt", "multiple", "minlen", "maxlen", "pattern", "enum"),
	[]option{
		{key: "example", set: func(t *target, value string) bool { t.param.Example = &value; return true }},
		{key: "doc", want: "a text", set: func(t *target, value string) bool { t.param.Doc = value; return value != "" }},
	},
)

// each returns an option for each key.
func each(f form, set func(t *target, key, value string) bool, keys ...string) (list []option) {
	for _, key := range keys {
		list = append(list, option{key: key, form: f, set: func(t *target, value string) bool { return set(t, key, value) }})
	}
	return list
}

// setIn says where a parameter comes from, once.
func setIn(t *target, key, value string) bool {
	if t.param.In != "" {
		return false
	}
	t.param.In, t.param.Name = key, value
	return true
}

func setLimit(t *target, key, value string) bool {
	t.param.Limits = append(t.param.Limits, Limit{t.at, key, value})
	return true
}
