package adapter

import (
	"fmt"
	"reflect"

	"github.com/bggen/bggen/runtime"
	"github.com/bggen/bggen/runtime/internal/option"
)

// CheckOverrides panics if one of the options that Register of the package called
// name is given is the Overrides of another package, and nothing that the package
// serves uses a provider of that one. The Overrides of which something is used
// are listed.
func CheckOverrides(name string, opts []runtime.Option, used ...runtime.Option) {
	known := map[reflect.Type]bool{}
	for _, o := range used {
		known[reflect.TypeOf(o)] = true
	}
	for _, opt := range opts {
		t := reflect.TypeOf(opt)
		if t != nil && t.Kind() == reflect.Pointer {
			t = t.Elem()
		}
		if _, ok := opt.(interface{ Apply(*option.Settings) }); !ok && !known[t] {
			panic(fmt.Sprintf("adapter: %s.Register is given %s, and no handler of package %s uses a provider that it replaces: give it to the Register of a package that does",
				name, t, name))
		}
	}
}
