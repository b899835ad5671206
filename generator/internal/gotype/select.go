package gotype

import (
	"go/types"
	"slices"
)

// Selector is how code of package pkg selects a field of a value of type t: by
// its name, or where that is another field by the names of embedded fields before
// it. path is the embedded fields that lead to it, and the field. It reports
// false if the code cannot name one of the fields that it has to.
func Selector(pkg *types.Package, t types.Type, path []*types.Var) (string, bool) {
	last := len(path) - 1
	for i, v := range slices.Backward(path) {
		if obj, _, _ := types.LookupFieldOrMethod(t, true, pkg, v.Name()); obj != v {
			continue
		}
		if i == last {
			return v.Name(), true
		}
		if rest, ok := Selector(pkg, v.Type(), path[i+1:]); ok {
			return v.Name() + "." + rest, true
		}
	}
	return "", false
}
