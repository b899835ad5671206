package schema

import (
	"go/token"
	"go/types"
	"testing"

	"github.com/bggen/bggen/generator/internal/model"
)

// text is the schema as the document has it.
func text(t *testing.T, o *Object) string {
	t.Helper()
	got, err := o.MarshalJSON()
	if err != nil {
		t.Fatal(err)
	}
	return string(got)
}

func TestNullableAndPlain(t *testing.T) {
	for _, c := range []struct {
		schema   *Object
		nullable string
	}{
		{new(Object).Set("type", "string").Set("format", "uuid"), `{"type":["string","null"],"format":"uuid"}`},
		{new(Object).Set("$ref", "#/a"), `{"anyOf":[{"$ref":"#/a"},{"type":"null"}]}`},
		{new(Object), `{}`}, // anything may be null
	} {
		was := text(t, c.schema)
		null := nullable(c.schema)
		if got := text(t, null); got != c.nullable {
			t.Errorf("nullable(%s) = %s, not %s", was, got, c.nullable)
		}
		if got := text(t, nullable(null)); got != c.nullable {
			t.Errorf("nullable(%s) = %s", c.nullable, got)
		}
		if got := isNullable(null); got != (c.nullable != "{}") {
			t.Errorf("isNullable(%s) = %v", c.nullable, got)
		}
		for _, of := range []*Object{null, c.schema} {
			if got := text(t, plain(of)); got != was {
				t.Errorf("plain(%s) = %s, not %s", text(t, of), got, was)
			}
		}
	}
}

var duration = types.NewNamed(types.NewTypeName(token.NoPos, types.NewPackage("time", "time"), "Duration", nil), types.Typ[types.Int64], nil)

func TestLimit(t *testing.T) {
	integer, str := types.Typ[types.Int], types.Typ[types.String]
	object := func(typ any) *Object { return new(Object).Set("type", typ) }
	check := func(kind, message string, args ...string) model.Check {
		return model.Check{Kind: kind, Message: message, Args: args}
	}
	items := func(c model.Check) model.Check { c.List = true; return c }
	for _, c := range []struct {
		name   string
		of     types.Type
		schema *Object
		check  model.Check
		quoted bool
		want   string
	}{
		{"min", integer, object("integer"), check("min", "", "1"), false, `{"type":"integer","minimum":1}`},
		{"max", integer, object("integer"), check("max", "", "9"), false, `{"type":"integer","maximum":9}`},
		{"gt", integer, object("integer"), check("gt", "", "1"), false, `{"type":"integer","exclusiveMinimum":1}`},
		{"lt", integer, object("integer"), check("lt", "", "9"), false, `{"type":"integer","exclusiveMaximum":9}`},
		{"multiple", integer, object("integer"), check("multiple", "", "5"), false, `{"type":"integer","multipleOf":5}`},
		{"pattern", str, object("string"), check("pattern", "", `"^a$"`), false, `{"type":"string","pattern":"^a$"}`},
		{"minlen", str, object("string"), check("minlen", "", "2"), false, `{"type":"string","minLength":2}`},
		{"maxlen of a list", str, object("array"), items(check("maxlen", "", "2")), false, `{"type":"array","maxItems":2}`},
		{"minlen of a map", str, object("object").Set("additionalProperties", true), items(check("minlen", "", "1")), false, `{"type":"object","additionalProperties":true,"minProperties":1}`},
		{"enum", str, object("string"), check("enum", "", `"a"`, `"b"`), false, `{"type":"string","enum":["a","b"]}`},
		{"enum with null", str, nullable(object("string")), check("enum", "", `"a"`), false, `{"type":["string","null"],"enum":["a",null]}`},
		{"quoted", integer, object("string"), check("min", "must be at least 1", "1"), true, `{"type":"string","description":"It must be at least 1."}`},
		{"quoted enum", integer, object("string"), check("enum", "must be 1", "1"), true, `{"type":"string","description":"It must be 1."}`},
		{"enum of durations", duration, object("integer"), check("enum", "", "60"), false, `{"type":"integer","enum":[60]}`},
		{"duration", duration, object("string").Set("description", "A duration."), check("max", "must be at most 1h0m0s", "3600000000000"), false, `{"type":"string","description":"A duration. It must be at most 1h0m0s."}`},
	} {
		t.Run(c.name, func(t *testing.T) {
			before := text(t, c.schema)
			if got := text(t, limit(c.schema, c.of, []model.Check{c.check}, c.quoted)); got != c.want {
				t.Errorf("%s, not %s", got, c.want)
			}
			if after := text(t, c.schema); after != before { // others have the schema, too
				t.Errorf("%s has become %s", before, after)
			}
		})
	}
}

func TestMerge(t *testing.T) {
	member := func(name string, required ...string) *Object {
		o := new(Object).Set("type", "object").Set("properties", new(Object).Set(name, new(Object).Set("type", "string")))
		if required != nil {
			o.Set("required", required)
		}
		return o
	}
	for _, c := range []struct {
		parts []*Object
		want  string
	}{
		{[]*Object{member("a")}, `{"type":"object","properties":{"a":{"type":"string"}}}`},
		{[]*Object{member("a", "a"), member("b")}, `{"type":"object","properties":{"a":{"type":"string"},"b":{"type":"string"}},"required":["a"]}`},
		{[]*Object{member("a"), member("b", "b")}, `{"type":"object","properties":{"a":{"type":"string"},"b":{"type":"string"}},"required":["b"]}`},
		{[]*Object{member("a", "a"), member("b", "b")}, `{"type":"object","properties":{"a":{"type":"string"},"b":{"type":"string"}},"required":["a","b"]}`},
	} {
		all := new(Object)
		for _, part := range c.parts {
			all.merge(part)
		}
		if got := text(t, all); got != c.want {
			t.Errorf("%s, not %s", got, c.want)
		}
	}
}
