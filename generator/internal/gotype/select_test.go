package gotype_test

import (
	"go/types"
	"slices"
	"testing"

	"github.com/bggen/bggen/generator/internal/gotype"
)

func TestSelector(t *testing.T) {
	scope := declared(t)
	own := scope.Lookup("Plain").Pkg()
	other := types.NewPackage("other", "other")
	for _, test := range []struct {
		in, name string
		from     *types.Package
		want     string
	}{
		{"ByValue", "Number", own, "Number"},
		{"ByValue", "b", own, "C"},       // of an embedded struct
		{"ByValue", "b", other, "C"},     // of one that is not exported
		{"Aliased", "A", own, "Alias.A"}, // beside another of the name
		{"Twice", "Number", own, "Number"},
		{"Twice", "B", own, "B"},
		{"Middle", "b", own, "hidden.C"},
		{"Middle", "b", other, ""},
	} {
		typ := scope.Lookup(test.in).Type()
		fields := gotype.JSONFields(typ)
		i := slices.IndexFunc(fields, func(f gotype.JSONField) bool { return f.Name == test.name })
		if i < 0 {
			t.Errorf("%s has no %s", test.in, test.name)
			continue
		}
		got, ok := gotype.Selector(test.from, typ, append(slices.Clip(fields[i].Through), fields[i].Var))
		if got != test.want || ok != (test.want != "") {
			t.Errorf("%s of %s is selected by %q, not %q", test.name, test.in, got, test.want)
		}
	}
}
