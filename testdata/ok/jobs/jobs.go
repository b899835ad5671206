// Package jobs has tasks for engines.
package jobs

import (
	"context"
	"fmt"

	"github.com/bggen/bggen/runtime"
)

// Resize has everything that a directive can say.
//
//bggen:task name=pictures.shrink was=pictures.Resize,resize args=key,picture engine=jobs queue=slow timeout=90s attempts=5 backoff=500ms limit=2
func Resize(ctx context.Context, key string, id int) error {
	Resized <- fmt.Sprint(key, id)
	return nil
}

// Resized is what was resized.
var Resized = make(chan string, 1)

// Render is a task of a worker of another kind.
//
//bggen:task name=images.render engine=jobs args=image_key,sizes attempts=2 timeout=1h
type Render func(key string, sizes []int)

// render is another one, of the runner's own engine.
//
//bggen:task name=images.check
type check func(key string)

// Start has all of them run.
//
//bggen:route POST /pictures
func Start(bg *runtime.BackgroundTasks) []runtime.TaskID {
	return []runtime.TaskID{
		EnqueueResize(bg, "a.png", 3),
		EnqueueRender(bg, "b.png", nil, runtime.Queue("fast")),
		enqueueCheck(bg, "c.png"),
	}
}
