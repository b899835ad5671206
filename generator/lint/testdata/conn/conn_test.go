package conn

import "github.com/bggen/bggen/runtime"

//bggen:task // want `bggen does not read test files: this directive means nothing here`
func task(string) error { return nil }

// bggen:task in a sentence is not one.
var _ runtime.TaskFunc
