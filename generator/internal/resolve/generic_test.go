package resolve

import (
	"go/types"
	"testing"
)

func TestUnify(t *testing.T) {
	r := read(t, `package test

type Box[T any] struct{ value T }
type Pair[A, B any] struct{ a A; b B }
type ID int
type Alias = Box[ID]

var (
	boxOfInt     Box[int]
	boxOfBoxes   Box[Box[ID]]
	pointer      *Box[ID]
	list         []ID
	array        [3]ID
	otherArray   [4]ID
	dict         map[string]ID
	function     func(int, ...string) (ID, error)
	channel      <-chan ID
	both         chan ID
	pair         Pair[int, string]
	twins        Pair[int, int]
	alias        Alias
	plain        ID
	structure    struct{ A int }
)

func MakeBox[T any]() (v Box[T])                    { return }
func MakePointer[T any]() (v *Box[T])               { return }
func MakeList[T any]() (v []T)                      { return }
func MakeArray[T any]() (v [3]T)                    { return }
func MakeMap[K comparable, V any]() (v map[K]V)     { return }
func MakeFunc[A, B any]() (v func(A, ...string) (B, error)) { return }
func MakeChannel[T any]() (v <-chan T)              { return }
func MakePair[A, B any]() (v Pair[A, B])            { return }
func MakeTwins[A any]() (v Pair[A, A])              { return }
func MakeNested[T any]() (v Box[Box[T]])            { return }
func MakeSecond[T any]() (v Pair[int, T])           { return }
`)
	for _, c := range []struct{ pattern, value, want string }{
		{"MakeBox", "boxOfInt", "int"},
		{"MakeBox", "boxOfBoxes", "Box[ID]"},
		{"MakeBox", "alias", "ID"},
		{"MakeBox", "pointer", ""},
		{"MakeBox", "plain", ""},
		{"MakePointer", "pointer", "ID"},
		{"MakePointer", "boxOfInt", ""},
		{"MakeList", "list", "ID"},
		{"MakeList", "array", ""},
		{"MakeArray", "array", "ID"},
		{"MakeArray", "otherArray", ""},
		{"MakeMap", "dict", "string ID"},
		{"MakeFunc", "function", "int ID"},
		{"MakeChannel", "channel", "ID"},
		{"MakeChannel", "both", ""},
		{"MakePair", "pair", "int string"},
		{"MakePair", "twins", "int int"},
		{"MakeTwins", "twins", "int"},
		{"MakeTwins", "pair", ""}, // one parameter, two types
		{"MakeNested", "boxOfBoxes", "ID"},
		{"MakeNested", "boxOfInt", ""},
		{"MakeSecond", "pair", "string"},
		{"MakeSecond", "structure", ""},
	} {
		sig := r.in.Scope.Lookup(c.pattern).Type().(*types.Signature)
		var params []*types.TypeParam
		for p := range sig.TypeParams().TypeParams() {
			params = append(params, p)
		}
		got := ""
		for i, arg := range unify(params, sig.Results().At(0).Type(), r.in.Scope.Lookup(c.value).Type()) {
			if i > 0 {
				got += " "
			}
			got += r.typeString(arg)
		}
		if got != c.want {
			t.Errorf("%s for %s: %q, want %q", c.pattern, c.value, got, c.want)
		}
	}
}
