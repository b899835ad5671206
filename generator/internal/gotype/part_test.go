package gotype_test

import (
	"fmt"
	"go/token"
	"go/types"
	"strings"
	"testing"

	"github.com/bggen/bggen/generator/internal/gotype"
)

// typeOf is the type that is written as text in the package of pool_test.go.
func typeOf(t *testing.T, text string) types.Type {
	t.Helper()
	tv, err := types.Eval(token.NewFileSet(), declared(t).Lookup("Plain").Pkg(), token.NoPos, text)
	if err != nil {
		t.Fatal(err)
	}
	return tv.Type
}

func TestNames(t *testing.T) {
	for text, want := range map[string]string{
		"int":                              "",
		"Plain":                            "Plain",
		"Box[Alias]":                       "Box Alias",
		"map[Number][]*Tagged":             "Number Tagged",
		"[2]chan Plain":                    "Plain",
		"func(Plain, ...Left) *Right":      "Plain Left Right",
		"struct{ A Plain; B Left }":        "Plain Left",
		"interface{ M(Plain); Interface }": "Plain Interface",
	} {
		var names []string
		for _, name := range gotype.Names(typeOf(t, text)) {
			names = append(names, name.Name())
		}
		if got := strings.Join(names, " "); got != want {
			t.Errorf("%s is written with %s, not %s", text, want, got)
		}
	}
}

func TestInvalid(t *testing.T) {
	invalid := types.Typ[types.Invalid]
	box := typeOf(t, "Box[int]").(*types.Named)
	instance, err := types.Instantiate(nil, box.Origin(), []types.Type{invalid}, false)
	if err != nil {
		t.Fatal(err)
	}
	alias := types.NewAlias(types.NewTypeName(token.NoPos, nil, "Undefined", nil), types.NewSlice(invalid))
	field := types.NewField(token.NoPos, nil, "F", invalid, false)
	behind := types.NewNamed(types.NewTypeName(token.NoPos, nil, "Behind", nil), types.NewStruct([]*types.Var{field}, nil), nil)
	for _, typ := range []types.Type{invalid, types.NewPointer(invalid), instance, alias, types.NewMap(types.Typ[types.Int], alias), behind.Underlying()} {
		if !gotype.Invalid(typ) {
			t.Errorf("%s is valid", typ)
		}
	}
	for _, typ := range []types.Type{behind, box, typeOf(t, "func(map[Number]Plain) (Tree, error)")} {
		if gotype.Invalid(typ) {
			t.Errorf("%s is not valid", typ)
		}
	}
}

func TestIsRecursive(t *testing.T) {
	for text, want := range map[string]bool{
		"Tree": true, "List": true, "Tower": true, "Loop": true, "Recursive": true, "Other": true,
		"[]Tree": false, "Plain": false, "Box[int]": false, "Number": false, "Repository": false, "error": false,
	} {
		if got := gotype.IsRecursive(typeOf(t, text)); got != want {
			t.Errorf("%s: %v", text, got)
		}
	}
}

func TestWalk(t *testing.T) {
	var visited []string
	gotype.Walk(typeOf(t, "Repository"), func(t types.Type) bool {
		visited = append(visited, types.TypeString(t, func(*types.Package) string { return "" }))
		return true
	})
	if got, want := strings.Join(visited, ", "), "Repository, Tree, string, func(Plain), Interface"; got != want {
		t.Errorf("visited %s, not %s", got, want)
	}
}

// TestSeen checks that a type with no end of instances has an end, and that
// instances of one type are one.
func TestSeen(t *testing.T) {
	var seen gotype.Seen
	endless := typeOf(t, "Endless[int]").(*types.Named).Origin()
	var arg types.Type = types.Typ[types.Int]
	added := 0
	for range 1000 {
		instance, err := types.Instantiate(nil, endless, []types.Type{arg}, false)
		if err != nil {
			t.Fatal(err)
		}
		again, _ := types.Instantiate(nil, endless, []types.Type{arg}, false)
		if seen.Add(instance) {
			added++
		}
		if seen.Add(again) {
			t.Fatal(fmt.Sprint(again, " is in it twice"))
		}
		arg = types.NewSlice(arg)
	}
	if added != 100 {
		t.Errorf("%d instances", added)
	}
}
