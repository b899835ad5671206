package runtime

import (
	"fmt"
	"reflect"
)

// CheckOverrides is for generated code: it panics if one of the options of a
// Register is the Overrides of a package, and nothing that the package called
// name serves uses a provider of that one. The used ones are given.
func CheckOverrides(name string, opts []Option, used ...Option) {
	known := map[reflect.Type]bool{}
	for _, o := range used {
		known[reflect.TypeOf(o)] = true
	}
	for _, opt := range opts {
		t := reflect.TypeOf(opt)
		if t != nil && t.Kind() == reflect.Pointer {
			t = t.Elem()
		}
		if _, ok := opt.(optionFunc); !ok && !known[t] {
			panic(fmt.Sprintf("runtime: %s.Register is given %s, and no handler of package %s uses a provider that this replaces: give it to the Register of a package that does",
				name, t, name))
		}
	}
}
