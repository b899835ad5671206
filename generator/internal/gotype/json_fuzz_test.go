package gotype_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"reflect"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/bggen/bggen/generator/internal/gotype"
)

// pool is structs that are declared in pool_test.go.
var pool = []reflect.Type{
	reflect.TypeFor[Plain](), reflect.TypeFor[Tagged](), reflect.TypeFor[Untaken](), reflect.TypeFor[ByValue](),
	reflect.TypeFor[ByPointer](), reflect.TypeFor[Named](), reflect.TypeFor[Twice](), reflect.TypeFor[Left](),
	reflect.TypeFor[Right](), reflect.TypeFor[Diamond](), reflect.TypeFor[Deeper](), reflect.TypeFor[Recursive](),
	reflect.TypeFor[Other](), reflect.TypeFor[Aliased](), reflect.TypeFor[AliasedHidden](), reflect.TypeFor[Generic](),
	reflect.TypeFor[Odd](), reflect.TypeFor[Middle](),
}

// declared is the package of pool_test.go as go/types sees it.
func declared(t testing.TB) *types.Scope {
	t.Helper()
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, "pool_test.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	config := types.Config{}
	pkg, err := config.Check("pool", fset, []*ast.File{file}, nil)
	if err != nil {
		t.Fatal(err)
	}
	return pkg.Scope()
}

// tags are what a random field may have.
var tags = []string{
	"", "", "", `json:"A"`, `json:"B"`, `json:"c"`, `json:"-"`, `json:"-,"`, `json:",string"`, `json:"A,string"`,
	`json:"B,omitempty"`, `json:",omitzero"`, `json:"a\"b"`, `json:"a b"`, `json:"ü,string"`, `xml:"A"`, `json:"é\\"`,
}

// A maker makes one struct type for reflect and for go/types, of random bytes.
type maker struct {
	data  []byte
	scope *types.Scope
}

func (m *maker) next(n int) int {
	if len(m.data) == 0 {
		return 0
	}
	b := m.data[0]
	m.data = m.data[1:]
	return int(b) % n
}

func (m *maker) make(depth int) (reflect.Type, types.Type) {
	var fields []reflect.StructField
	var vars []*types.Var
	var texts []string
	seen := map[string]bool{}
	for range 1 + m.next(5) {
		rt, tt, name, embedded := m.field(depth)
		tag := tags[m.next(len(tags))]
		if seen[name] {
			continue
		}
		seen[name] = true
		fields = append(fields, reflect.StructField{Name: name, Type: rt, Tag: reflect.StructTag(tag), Anonymous: embedded})
		vars = append(vars, types.NewField(token.NoPos, nil, name, tt, embedded))
		texts = append(texts, tag)
	}
	return reflect.StructOf(fields), types.NewStruct(vars, texts)
}

// field is the type of a field, its name, and whether it is embedded. A struct
// without a name, which Go does not let one embed, has those of a random field.
func (m *maker) field(depth int) (rt reflect.Type, tt types.Type, name string, embedded bool) {
	name = string("ABCD"[m.next(4)])
	basic := []types.Type{types.Typ[types.Int], types.Typ[types.String], types.Typ[types.Float64]}
	leaves := []reflect.Type{reflect.TypeFor[int](), reflect.TypeFor[string](), reflect.TypeFor[float64]()}
	i := m.next(len(leaves))
	switch kind := m.next(8); {
	case kind < 2:
		return leaves[i], basic[i], name, false
	case kind == 2:
		return reflect.PointerTo(leaves[i]), types.NewPointer(basic[i]), name, false
	case kind == 3:
		return reflect.SliceOf(leaves[i]), types.NewSlice(basic[i]), name, false
	case kind < 6 && depth < 3:
		rt, tt = m.make(depth + 1)
	default:
		rt = pool[m.next(len(pool))]
		tt, name = m.scope.Lookup(rt.Name()).Type(), rt.Name()
	}
	if m.next(2) == 1 {
		rt, tt = reflect.PointerTo(rt), types.NewPointer(tt)
	}
	return rt, tt, name, m.next(4) > 0
}

// A leaf is a field that has a number of its own.
type leaf struct {
	path string
	kind reflect.Kind
}

// fill gives every field in v a number, pointers before it included.
func fill(v reflect.Value, path string, leaves map[string]leaf, above map[reflect.Type]bool) {
	number := len(leaves) + 1
	switch v.Kind() {
	case reflect.Int:
		v.SetInt(int64(number))
	case reflect.Float64:
		v.SetFloat(float64(number))
	case reflect.String:
		v.SetString(strconv.Itoa(number))
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		fill(v.Index(0), path, leaves, above)
		leaves[strconv.Itoa(number)] = leaf{path, reflect.Slice}
		return
	case reflect.Pointer:
		if above[v.Type().Elem()] {
			return
		}
		v.Set(reflect.New(v.Type().Elem()))
		fill(v.Elem(), path, leaves, above)
		return
	case reflect.Struct:
		above[v.Type()] = true
		for i := range v.NumField() {
			f := v.Field(i)
			f = reflect.NewAt(f.Type(), f.Addr().UnsafePointer()).Elem() // exported or not
			fill(f, path+v.Type().Field(i).Name+".", leaves, above)
		}
		delete(above, v.Type())
		return
	default:
		return
	}
	leaves[strconv.Itoa(number)] = leaf{path, v.Kind()}
}

var number = regexp.MustCompile(`[0-9]+`)

// same compares JSONFields with what encoding/json writes.
func same(t *testing.T, rt reflect.Type, tt types.Type) {
	t.Helper()
	v, leaves := reflect.New(rt).Elem(), map[string]leaf{}
	fill(v, "", leaves, map[reflect.Type]bool{})
	text, err := json.Marshal(v.Addr().Interface())
	if err != nil {
		t.Fatal(err)
	}
	fields := gotype.JSONFields(tt)
	fail := func(format string, args ...any) {
		t.Helper()
		t.Fatalf("%s\nencoding/json: %s\nJSONFields: %v\nof %v", fmt.Sprintf(format, args...), text, fields, rt)
	}
	d := json.NewDecoder(bytes.NewReader(text))
	d.Token()
	for ; d.More(); fields = fields[1:] {
		name, _ := d.Token()
		var value json.RawMessage
		if err := d.Decode(&value); err != nil {
			t.Fatal(err)
		}
		if len(fields) == 0 || fields[0].Name != name {
			fail("%s is not the next field", name)
		}
		f, of := fields[0], leaves[number.FindString(string(value))]
		path := ""
		for _, through := range f.Through {
			path += through.Name() + "."
		}
		path += f.Var.Name() + "."
		if of.path != "" && !strings.HasPrefix(of.path, path) {
			fail("%s is %s, not %s", f.Name, of.path, path)
		}
		if _, isStruct := gotype.UnderPointers(f.Var.Type()).Underlying().(*types.Struct); of.path != "" && !isStruct && f.String != quoted(of.kind, value) {
			fail("string of %s is %v", path, f.String)
		}
	}
	if len(fields) > 0 {
		fail("%s is none", fields[0].Name)
	}
}

// quoted reports whether a number, or a number in a string, is in a string.
func quoted(kind reflect.Kind, value json.RawMessage) bool {
	if kind == reflect.String {
		return bytes.HasPrefix(value, []byte(`"\"`))
	}
	return value[0] == '"'
}

// TestDeclared compares JSONFields with encoding/json for declared types, among
// them those that reflect cannot make: with fields that are not exported.
func TestDeclared(t *testing.T) {
	scope := declared(t)
	for _, rt := range pool {
		t.Run(rt.Name(), func(t *testing.T) { same(t, rt, scope.Lookup(rt.Name()).Type()) })
	}
}

// FuzzJSONFields compares JSONFields with encoding/json for types that nobody
// would write.
func FuzzJSONFields(f *testing.F) {
	scope := declared(f)
	f.Add([]byte("a struct"))
	for i := range byte(64) {
		f.Add(bytes.Repeat([]byte{i, i * 3, 255 - i, i * i, i ^ 5}, 12))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		m := &maker{data, scope}
		rt, tt := m.make(0)
		same(t, rt, tt)
	})
}
