package contract

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"
)

// An operation is one of the document, as far as requests are drawn from it.
type operation struct {
	id, method, path string
	params           []parameter
	body             map[string]any // schemas by content type
	bodyRequired     bool
	security         []any // requirements, of which one is enough
	schemas          *schemas
}

type parameter struct {
	name, in string
	required bool
	schema   any
}

func (op *operation) String() string {
	name := strings.ToUpper(op.method) + " " + op.path
	if op.id != "" {
		return op.id + " (" + name + ")"
	}
	return name
}

var methods = []string{"get", "put", "post", "delete", "options", "patch"}

// readOperations returns the operations of a document in the order of their
// paths.
func readOperations(spec []byte) (list []*operation, err error) {
	var root map[string]any
	if err := yaml.Unmarshal(spec, &root); err != nil { // JSON is YAML
		return nil, err
	}
	s := &schemas{root}
	paths := s.object(root["paths"])
	for _, path := range slices.Sorted(maps.Keys(paths)) {
		item := s.object(paths[path])
		for _, method := range methods {
			if op, ok := item[method]; ok {
				list = append(list, s.operation(method, path, item, s.object(op)))
			}
		}
	}
	return list, nil
}

func (s *schemas) operation(method, path string, item, op map[string]any) *operation {
	out := &operation{method: strings.ToUpper(method), path: path, body: map[string]any{}, schemas: s}
	out.id, _ = op["operationId"].(string)
	out.security, _ = op["security"].([]any)
	if _, ok := op["security"]; !ok {
		out.security, _ = s.root["security"].([]any)
	}
	for _, list := range []any{op["parameters"], item["parameters"]} { // those of the operation first: they count
		entries, _ := list.([]any)
		for _, entry := range entries {
			p := s.object(entry)
			param := parameter{schema: p["schema"]}
			param.name, _ = p["name"].(string)
			param.in, _ = p["in"].(string)
			param.required, _ = p["required"].(bool)
			if !slices.ContainsFunc(out.params, func(o parameter) bool { return o.name == param.name && o.in == param.in }) {
				out.params = append(out.params, param)
			}
		}
	}
	body := s.object(op["requestBody"])
	out.bodyRequired, _ = body["required"].(bool)
	for contentType, media := range s.object(body["content"]) {
		out.body[contentType] = s.object(media)["schema"]
	}
	return out
}

// schemas resolves what a document refers to.
type schemas struct{ root map[string]any }

// object returns v, or what it refers to, as an object; nil if it is none. What
// stands beside a reference holds as well.
func (s *schemas) object(v any) map[string]any {
	var beside map[string]any
	for range 100 { // a reference may lead to another
		m, _ := v.(map[string]any)
		ref, ok := m["$ref"].(string)
		if len(beside) > 0 && m != nil {
			m = maps.Clone(m)
			maps.Copy(m, beside)
		}
		if !ok {
			return m
		}
		beside = maps.Clone(m)
		delete(beside, "$ref")
		v = s.at(ref)
	}
	return nil
}

// at follows a JSON pointer: #/components/schemas/Item.
func (s *schemas) at(ref string) (v any) {
	v = s.root
	for part := range strings.SplitSeq(strings.TrimPrefix(ref, "#/"), "/") {
		m, _ := v.(map[string]any)
		v = m[strings.NewReplacer("~1", "/", "~0", "~").Replace(part)]
	}
	return v
}

// typesOf returns the types that a schema allows, none if it allows all.
func typesOf(schema map[string]any) (list []string) {
	switch t := schema["type"].(type) {
	case string:
		list = append(list, t)
	case []any:
		for _, name := range t {
			if name, ok := name.(string); ok {
				list = append(list, name)
			}
		}
	}
	if len(list) == 0 {
		for _, hint := range [][2]string{{"properties", "object"}, {"items", "array"}} {
			if _, ok := schema[hint[0]]; ok {
				return []string{hint[1]}
			}
		}
	}
	return list
}

// number returns a keyword's number.
func number(schema map[string]any, keyword string) (float64, bool) {
	switch n := schema[keyword].(type) {
	case int:
		return float64(n), true
	case int64:
		return float64(n), true
	case uint64:
		return float64(n), true
	case float64:
		return n, true
	}
	return 0, false
}

// count returns a keyword's number of items or characters.
func count(schema map[string]any, keyword string, or int) int {
	if n, ok := number(schema, keyword); ok {
		return int(n)
	}
	return or
}

// contentTypes returns the content types of the body in order.
func (op *operation) contentTypes() []string {
	return slices.SortedFunc(maps.Keys(op.body), cmp.Compare[string])
}
