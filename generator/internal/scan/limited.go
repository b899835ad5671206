package scan

import (
	"encoding/json"
	"go/types"

	"github.com/bggen/bggen/generator/internal/diag"
)

// A LimitedType is a defined type with a type directive: its limits hold wherever a
// value of it is bound.
type LimitedType struct {
	diag.Range // of its name
	Type       *types.Named
	Enum       bool // the package's constants of the type are all values that there are
	Limits     []Limit
	Schema     string // a JSON object: what a type that reads and writes itself is in JSON; "": it does not say
}

// typeOptions are [enum], a schema, and limits.
var typeOptions = append([]option{{key: "enum", form: word, set: func(t *target, _ string) bool {
	t.enum = true
	return true
}}, {key: "schema", want: "a JSON object", set: func(t *target, value string) bool {
	t.schema = value
	return isObject(value)
}}}, each(keyValue, setLimit, "min", "max", "gt", "lt", "multiple", "minlen", "maxlen", "pattern")...)

// limitedType adds a type with its limits.
func (s *scanner) limitedType(t *target, d directive) {
	where := s.rangeOf(t.spec.Name.Pos(), t.spec.Name.End())
	obj, _ := s.object(t.spec.Name, nil).(*types.TypeName)
	named := namedOf(obj)
	switch {
	case named == nil || named.TypeParams().Len() > 0:
		s.report(diag.New(diag.MisplacedDirective, where, "%s stands on %s, which is no defined type without parameters", d, t.spec.Name.Name).
			WithHint("limits are of a type such as: type Level int"))
	case !t.enum && len(t.param.Limits) == 0 && t.schema == "":
		s.report(diag.New(diag.DirectiveArgument, d.Range, "%s says nothing of %s", d, t.spec.Name.Name).
			WithHint("it is written %s", d.kind.usage))
	case t.schema != "" && !isObject(t.schema): // which has been said
	default:
		s.pkg.Limited = append(s.pkg.Limited, LimitedType{where, named, t.enum, t.param.Limits, t.schema})
	}
}

// isObject reports whether text is a JSON object.
func isObject(text string) bool {
	var object map[string]any
	return json.Unmarshal([]byte(text), &object) == nil && object != nil
}

func namedOf(obj *types.TypeName) *types.Named {
	if obj == nil || obj.IsAlias() {
		return nil
	}
	named, _ := obj.Type().(*types.Named)
	return named
}
