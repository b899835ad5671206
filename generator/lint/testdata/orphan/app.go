// Package orphan had a directive once.
package orphan

import "github.com/bggen/bggen/runtime"

func Handler(bg *runtime.BackgroundTasks) {}
