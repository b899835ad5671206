package adapter

import (
	"fmt"
	"reflect"

	"github.com/bggen/bggen/runtime"
	"github.com/bggen/bggen/runtime/internal/option"
)

// CheckOverrides panics if opts has the Overrides of a package of which the
// package called name uses no provider: such an option would be ignored. used
// are the Overrides of the packages of which it uses some.
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
