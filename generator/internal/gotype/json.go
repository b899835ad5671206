package gotype

import (
	"cmp"
	"go/types"
	"reflect"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/tools/go/types/typeutil"
)

// A JSONField is a field of a struct, or of one embedded in it, that
// encoding/json reads and writes as a member of the object for that struct.
type JSONField struct {
	Name      string // of the member
	Var       *types.Var
	Tag       reflect.StructTag
	Through   []*types.Var // the embedded fields that lead to it, outermost first
	OmitEmpty bool
	OmitZero  bool
	String    bool // a number or boolean that is written in a string

	tagged bool // the tag has the name
	index  []int
}

// JSONFields are the fields of a struct type that encoding/json reads and writes,
// in the order of the source. Where several have the same name, the one that is
// embedded least deeply counts, and of these the one with the name in a tag; if
// that leaves more than one, none counts.
func JSONFields(t types.Type) []JSONField {
	return slices.DeleteFunc(allFields(t), func(f JSONField) bool { return f.Name == "" })
}

// JSONHidden are the fields of a struct type, and of structs embedded in it, that
// encoding/json neither reads nor writes, in the order of the source: those that
// are not exported, those with the tag json:"-", and those behind another field
// with the same name.
func JSONHidden(t types.Type) (hidden []*types.Var) {
	for _, f := range allFields(t) {
		if f.Name == "" && !slices.Contains(hidden, f.Var) {
			hidden = append(hidden, f.Var)
		}
	}
	return hidden
}

// allFields are the fields of t and of the structs that are embedded in it, in
// the order of the source. Those that do not count have no name.
func allFields(t types.Type) []JSONField {
	w := jsonWalk{}
	w.seen.Set(t, true)
	for level := []embedding{{s: t.Underlying().(*types.Struct), times: 1}}; len(level) > 0; {
		level = w.level(level)
	}
	dominate(w.fields)
	slices.SortStableFunc(w.fields, func(a, b JSONField) int { return slices.Compare(a.index, b.index) })
	return w.fields
}

// An embedding is a struct whose fields count as those of the struct around it.
type embedding struct {
	s       *types.Struct
	index   []int
	through []*types.Var
	times   int // how often it is embedded at this depth
}

// A jsonWalk goes through the structs that are embedded in one, level by level.
type jsonWalk struct {
	seen   typeutil.Map // types that were found at an outer level
	fields []JSONField
}

// level collects the fields of structs at one depth, and returns the structs
// embedded in them.
func (w *jsonWalk) level(level []embedding) (next []embedding) {
	var at typeutil.Map // from the type of an embedded struct to its place in next, plus 1
	for _, e := range level {
		for i := range e.s.NumFields() {
			v, tag := e.s.Field(i), reflect.StructTag(e.s.Tag(i))
			f := jsonField(v, tag)
			f.Through, f.index = e.through, append(slices.Clip(e.index), i)
			embedded := StructOf(v.Type())
			if !v.Embedded() || embedded == nil || f.tagged || tag.Get("json") == "-" {
				w.add(f, e.times)
				continue
			}
			t := behindPointer(v.Type())
			if n, ok := at.At(t).(int); ok {
				next[n-1].times++
			} else if w.seen.At(t) == nil {
				next = append(next, embedding{embedded, f.index, append(slices.Clip(e.through), v), 1})
				at.Set(t, len(next))
			}
		}
	}
	at.Iterate(func(t types.Type, _ any) { w.seen.Set(t, true) })
	return next
}

// add notes a field of a struct that is embedded that many times at its depth.
func (w *jsonWalk) add(f JSONField, times int) {
	w.fields = append(w.fields, f)
	if times > 1 && f.Name != "" {
		w.fields = append(w.fields, f) // they hide each other
	}
}

// jsonField reads the tag of a field. The name is empty if encoding/json does
// not look at the field.
func jsonField(v *types.Var, tag reflect.StructTag) JSONField {
	f := JSONField{Var: v, Tag: tag}
	text := tag.Get("json")
	visible := v.Exported() || v.Embedded() && StructOf(v.Type()) != nil
	if !visible || text == "-" {
		return f
	}
	name, options, _ := strings.Cut(text, ",")
	f.Name, f.tagged = v.Name(), isJSONName(name)
	if f.tagged {
		f.Name = name
	}
	for option := range strings.SplitSeq(options, ",") {
		switch option {
		case "omitempty":
			f.OmitEmpty = true
		case "omitzero":
			f.OmitZero = true
		case "string":
			f.String = isQuotable(v.Type())
		}
	}
	return f
}

// isJSONName reports whether encoding/json takes the name in a tag.
func isJSONName(name string) bool {
	return name != "" && !strings.ContainsFunc(name, func(c rune) bool {
		return !strings.ContainsRune("!#$%&()*+-./:;<=>?@[]^_{|}~ ", c) && !unicode.IsLetter(c) && !unicode.IsDigit(c)
	})
}

// isQuotable reports whether the option "string" means something for t.
func isQuotable(t types.Type) bool {
	basic, ok := behindPointer(t).Underlying().(*types.Basic)
	return ok && basic.Info()&(types.IsBoolean|types.IsInteger|types.IsFloat|types.IsString) != 0
}

// dominate takes the names from the fields that are hidden by others.
func dominate(fields []JSONField) {
	byName := map[string][]*JSONField{}
	for i := range fields {
		if f := &fields[i]; f.Name != "" {
			byName[f.Name] = append(byName[f.Name], f)
		}
	}
	for _, same := range byName {
		slices.SortStableFunc(same, func(a, b *JSONField) int {
			return cmp.Or(cmp.Compare(len(a.index), len(b.index)), boolRank(a.tagged)-boolRank(b.tagged))
		})
		if len(same) > 1 && len(same[0].index) == len(same[1].index) && same[0].tagged == same[1].tagged {
			same[0].Name = ""
		}
		for _, f := range same[1:] {
			f.Name = ""
		}
	}
}

// boolRank puts what has a name in its tag before what has none.
func boolRank(tagged bool) int {
	if tagged {
		return 0
	}
	return 1
}

// ReadsItself reports whether a variable of type t is read from JSON by a method of
// its own.
func ReadsItself(t types.Type) bool { return ReadsJSON(t) || ReadsText(t) }

// JSONElem is the type of what encoding/json reads into a list, a map, a runtime.Opt or
// what a pointer points to; nil if t is none of these, or reads itself.
func JSONElem(t types.Type) types.Type {
	if p, ok := types.Unalias(t).(*types.Pointer); ok {
		return p.Elem() // what reads itself is behind it
	}
	if elem := OptElem(t); elem != nil {
		return elem
	}
	if ReadsItself(t) {
		return nil
	}
	switch u := t.Underlying().(type) {
	case *types.Chan:
	case interface{ Elem() types.Type }: // *types.Pointer, Slice, Array, Map
		return u.Elem()
	}
	return nil
}
