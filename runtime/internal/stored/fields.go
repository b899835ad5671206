package stored

import (
	"reflect"
	"strings"
	"sync"
)

// A field is a member that a struct is written with.
type field struct {
	typ      reflect.Type
	optional bool
	depth    int  // of embedding
	tagged   bool // its name comes from a tag
	twice    bool // there are two of that name, and encoding/json writes none
}

// fields are those of a struct, by the names that encoding/json gives them.
type fields struct {
	names  []string // in their order
	byName map[string]field
}

var known sync.Map // *fields by reflect.Type

func fieldsOf(t reflect.Type) *fields {
	if f, ok := known.Load(t); ok {
		return f.(*fields)
	}
	f := &fields{byName: map[string]field{}}
	f.add(t, 0, map[reflect.Type]bool{})
	for name, one := range f.byName {
		if one.twice {
			delete(f.byName, name)
		}
	}
	all := f.names
	f.names = nil
	for _, name := range all {
		if _, ok := f.byName[name]; ok {
			f.names = append(f.names, name)
		}
	}
	known.Store(t, f)
	return f
}

// add adds the fields of t, and of what is embedded in it.
func (f *fields) add(t reflect.Type, depth int, within map[reflect.Type]bool) {
	if within[t] {
		return
	}
	within[t] = true
	defer delete(within, t)
	for i := range t.NumField() {
		sf := t.Field(i)
		tag := sf.Tag.Get("json")
		name, options, _ := strings.Cut(tag, ",")
		inner := sf.Type
		if inner.Kind() == reflect.Pointer {
			inner = inner.Elem()
		}
		switch {
		case tag == "-" || !sf.IsExported() && !(sf.Anonymous && inner.Kind() == reflect.Struct):
		case sf.Anonymous && name == "" && inner.Kind() == reflect.Struct:
			f.add(inner, depth+1, within)
		case sf.IsExported():
			one := field{typ: sf.Type, depth: depth, tagged: name != ""}
			if name == "" {
				name = sf.Name
			}
			one.optional = sf.Type.Kind() == reflect.Pointer
			for option := range strings.SplitSeq(options, ",") {
				switch option {
				case "omitempty", "omitzero":
					one.optional = true
				case "string":
					one.typ = reflect.TypeFor[quoted]()
				}
			}
			f.put(name, one)
		}
	}
}

// put adds a field. Of two that have one name, the one that is embedded less
// deeply counts, or else the one whose name comes from a tag.
func (f *fields) put(name string, one field) {
	old, ok := f.byName[name]
	switch {
	case !ok:
		f.names = append(f.names, name)
	case old.depth < one.depth || old.depth == one.depth && old.tagged && !one.tagged:
		return
	case old.depth == one.depth && old.tagged == one.tagged:
		old.twice = true
		one = old
	}
	f.byName[name] = one
}

// quoted stands for a field with the option "string".
type quoted struct{}

func (*quoted) UnmarshalJSON([]byte) error { return nil }
