// Package pictures is a service whose pictures a Celery worker resizes: the
// example of this module, and a test of it.
package pictures

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/bggen/bggen/runtime"
	"github.com/bggen/bggen/runtime/celery"
)

// Resize is the task images.resize of the worker:
//
//	@app.task(name="images.resize")
//	def resize(image_key, sizes): ...
//
//bggen:task name=images.resize engine=celery args=image_key,sizes
type Resize func(key string, sizes []int)

// Check is one that always fails.
//
//bggen:task name=test.fail engine=celery args=message
type Check func(key string)

// App is what the handlers need.
//
//bggen:app
type App struct {
	Fleet *celery.Engine
}

// Accepted is the answer to a request whose work is not done.
type Accepted struct {
	Resized runtime.TaskID `json:"resized"`
	Checked runtime.TaskID `json:"checked"`
}

// Add has a picture resized and checked.
//
//bggen:route POST /pictures/{key} status=202
func (a *App) Add(key string, body []int, bg *runtime.BackgroundTasks) Accepted {
	return Accepted{EnqueueResize(bg, key, body), EnqueueCheck(bg, key)}
}

// Sizes waits for what the worker has made.
//
//bggen:route GET /resized/{id}
func (a *App) Sizes(ctx context.Context, id runtime.TaskID) ([]string, error) {
	ctx, cancel := context.WithTimeout(ctx, 20*time.Second)
	defer cancel()
	names, err := celery.Result[[]string](ctx, a.Fleet, id)
	if failed, ok := errors.AsType[*celery.TaskError](err); ok {
		return nil, &runtime.Problem{Status: http.StatusBadGateway, Detail: failed.Type + ": " + failed.Message}
	}
	return names, err
}
