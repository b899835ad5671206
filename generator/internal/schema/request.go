package schema

import (
	"go/types"
	"slices"

	"github.com/bggen/bggen/generator/internal/gotype"
	"github.com/bggen/bggen/generator/internal/model"
)

// Value returns the schema of a value that is read from text, with its limits and its
// default.
func (s *Set) Value(b *model.Binding) *Object {
	schema, has := s.text(b)
	checks := without(b.Checks, has)
	if b.Form == model.Repeated || b.Form == model.Files { // a limit holds for each, or for their number
		number := lengths(checks)
		each := append(without(b.Each, has), without(checks, number)...)
		schema = new(Object).Set("type", "array").Set("items", limit(schema, b.ReadAs(), each, false))
		checks = number
	}
	schema = limit(schema, b.ReadAs(), checks, false)
	switch {
	case b.Form == model.Default:
		schema.Set("default", model.Value(b.Or))
	case b.OrList != nil:
		schema.Set("default", model.Values(b.OrList))
	}
	if b.Example != nil {
		schema.Set("examples", []any{b.Example})
	}
	return schema
}

// Comment says what a value is that a handler, or something that it needs, reads: as a
// directive has it, or the comment of the field of a parameter struct.
func (s *Set) Comment(h *model.Handler, b *model.Binding) string {
	if b.Doc != "" {
		return b.Doc
	}
	args := slices.Clone(h.Args)
	for _, call := range h.Calls {
		args = append(args, call.Args...)
	}
	for _, arg := range args {
		if params, ok := arg.(*model.Struct); ok {
			if field := fieldOf(params, b); field != nil {
				return s.comment(field)
			}
		}
	}
	return ""
}

// fieldOf is the field of a parameter struct that a binding fills, at any depth.
func fieldOf(s *model.Struct, b *model.Binding) *types.Var {
	for _, f := range s.Fields {
		switch v := f.Value.(type) {
		case *model.Binding:
			if v != b {
				continue
			}
			for field := range s.Type.Underlying().(*types.Struct).Fields() {
				if field.Name() == f.Name {
					return field
				}
			}
		case *model.Struct:
			if field := fieldOf(v, b); field != nil {
				return field
			}
		}
	}
	return nil
}

func lengths(checks []model.Check) (list []model.Check) {
	for _, c := range checks {
		if c.List {
			list = append(list, c)
		}
	}
	return list
}

// text is the schema of one piece of text, and the limits that it has.
func (s *Set) text(b *model.Binding) (*Object, []model.Check) {
	named, _ := types.Unalias(b.Type).(*types.Named)
	as, _ := types.Unalias(b.ReadAs()).(*types.Named)
	text := new(Object).Set("type", "string")
	switch {
	case b.Form == model.File || b.Form == model.Files:
		// OpenAPI 3.1 has no format for a file any more, but ogen knows it by that alone
		return text.Set("format", "binary").Set("contentMediaType", "application/octet-stream"), nil
	case gotype.IsDuration(b.ReadAs()):
		return text.Set("description", "A duration such as 1h30m or 250ms."), nil
	case as != nil && known(as) != nil:
		return known(as), nil
	case named == nil:
		return s.Of(b.Type, In), nil
	case b.Elem == model.Text && s.Package.SchemaOf(named) == "" && (gotype.ReadsJSON(named) || s.isStandard(named)):
		return text, nil // and not what it is in JSON
	case b.Elem != model.Text && gotype.ReadsItself(named):
		return basic(named.Underlying().(*types.Basic)), nil
	}
	var has []model.Check
	if limited := s.Package.LimitedOf(named); limited != nil {
		has = limited.Checks
	}
	return s.Of(named, In), has
}

// JSONBody returns the schema of the body of a request, nil if it is not read as JSON,
// and whether there must be one. Several parameters may each read a member of it.
func (s *Set) JSONBody(h *model.Handler) (schema *Object, required bool) {
	dir := InputOf(h)
	for _, b := range h.Bindings {
		if b.JSON == nil {
			continue
		}
		required = required || b.Form == model.JSON
		part := plain(s.Of(b.JSON.Type, dir))
		if b.Name == "" {
			schema = part
			continue
		}
		if schema == nil {
			schema = new(Object)
		}
		schema.merge(part)
	}
	return schema, required
}

// merge adds the properties of another object, and what it requires.
func (o *Object) merge(other *Object) {
	for _, m := range other.Members {
		switch value := m.Value.(type) {
		case *Object:
			o.Child(m.Name).add(value)
		case []string:
			before, _ := o.Get(m.Name).([]string)
			o.Set(m.Name, append(before, value...))
		default:
			o.Set(m.Name, value)
		}
	}
}

// Result returns the content type and the schema of what a handler answers with when
// it succeeds; "" if it has no content, or says by itself what it is.
func (s *Set) Result(h *model.Handler) (contentType string, schema *Object) {
	t, dir := h.Value(), OutputOf(h)
	switch h.Result.Kind {
	case model.JSONResult:
		schema = s.Of(t, dir)
		if _, isSlice := t.Underlying().(*types.Slice); isSlice {
			schema = plain(schema) // a nil slice at the top is []
		}
		return "application/json", schema
	case model.TextResult:
		return "text/plain", new(Object).Set("type", "string")
	case model.BytesResult, model.StreamResult:
		return "application/octet-stream", new(Object)
	case model.LinesResult:
		schema = new(Object).Set("description", "JSON Lines: each line is one of the items.").Set("type", "array")
		return h.Result.Kind.ContentType(), schema.Set("items", s.Of(model.ValueOfSequence(t), dir))
	case model.EventsResult:
		schema = new(Object).Set("description", "Server-sent events: each is one of the items.").Set("type", "array")
		return h.Result.Kind.ContentType(), schema.Set("items", s.event(t, dir))
	}
	return "", nil
}

// event is the schema of a server-sent event as OpenAPI 3.2 has it: an object with a
// member for each field. The data is JSON in a string, or a string itself.
func (s *Set) event(sequence types.Type, dir Direction) *Object {
	text := func() *Object { return new(Object).Set("type", "string") }
	data, value := text(), model.ValueOfSequence(sequence)
	if !types.Identical(value, types.Typ[types.String]) {
		data.Set("contentMediaType", "application/json").Set("contentSchema", s.Of(value, dir))
	}
	properties := new(Object)
	if model.IsOfEvents(sequence) {
		properties.Set("id", text()).Set("event", text()).Set("retry", new(Object).Set("type", "integer").Set("minimum", 0))
	}
	properties.Set("data", data)
	return new(Object).Set("type", "object").Set("properties", properties).Set("required", []string{"data"})
}
