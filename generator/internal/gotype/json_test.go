package gotype_test

import (
	"go/types"
	"slices"
	"strings"
	"testing"

	"github.com/bggen/bggen/generator/internal/gotype"
)

func TestJSONFields(t *testing.T) {
	scope := declared(t)
	for _, test := range []struct{ name, fields, hidden string }{
		{"Plain", "A=A B=B", ""},
		{"Tagged", "A=X c=Y,omitempty", ""},
		{"Untaken", "-=B C=C,string D=D e e=E,omitzero,string ü=F", "A g"},
		{"ByValue", "B=Plain.B b=hidden.C Number=Number", "A A b hiddenInt"},
		{"ByPointer", "b=hidden.C B=B", "A B A b"},
		{"Named", "plain=Plain hidden=hidden", "Tagged"},
		{"Diamond", "", "A B"},
		{"Deeper", "A=Tagged.X c=A", "A B Y"},
		{"Recursive", "A=A B=Other.B", ""},
		{"Aliased", "A=Alias.A B=A", "B"},
		{"Generic", "C=Box.C A=Tagged.X c=Tagged.Y,omitempty", "A"},
		{"Odd", "Interface=Interface D=D E=E,string F=F,string G=G H=H", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			typ := scope.Lookup(test.name).Type()
			var fields, hidden []string
			for _, f := range gotype.JSONFields(typ) {
				fields = append(fields, describe(f))
			}
			for _, v := range gotype.JSONHidden(typ) {
				hidden = append(hidden, v.Name())
			}
			if got := strings.Join(fields, " "); got != test.fields {
				t.Errorf("fields:\n%s\nwant\n%s", got, test.fields)
			}
			if got := strings.Join(hidden, " "); got != test.hidden {
				t.Errorf("hidden:\n%s\nwant\n%s", got, test.hidden)
			}
		})
	}
}

func describe(f gotype.JSONField) string {
	text := f.Name + "="
	for _, v := range f.Through {
		text += v.Name() + "."
	}
	text += f.Var.Name()
	for _, option := range []struct {
		name string
		set  bool
	}{{"omitempty", f.OmitEmpty}, {"omitzero", f.OmitZero}, {"string", f.String}} {
		if option.set {
			text += "," + option.name
		}
	}
	return text
}

// TestHidden checks that every field of a struct, and of those embedded in it,
// either counts or is hidden.
func TestHidden(t *testing.T) {
	scope := declared(t)
	for _, rt := range pool {
		typ := scope.Lookup(rt.Name()).Type()
		hidden := gotype.JSONHidden(typ)
		fields := gotype.JSONFields(typ)
		for v := range typ.Underlying().(*types.Struct).Fields() {
			in := slices.ContainsFunc(fields, func(f gotype.JSONField) bool { return f.Var == v })
			through := v.Embedded() && gotype.StructOf(v.Type()) != nil
			if out := slices.Contains(hidden, v); in == out && !through {
				t.Errorf("%s.%s: field %v, hidden %v", rt.Name(), v.Name(), in, out)
			}
		}
	}
}
