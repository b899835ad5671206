// Package images has pictures resized by the Celery workers of an existing Python
// program.
//
// The task's code is in Python:
//
//	@app.task(name="images.resize")
//	def resize(image_key, sizes): ...
//
// Here it is a named func type. The generated EnqueueResize has its parameters, so that
// a call with other arguments does not compile.
package images

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/bggen/bggen/runtime"
	"github.com/bggen/bggen/runtime/celery"
	"github.com/bggen/bggen/runtime/engine"
)

// Resize is a task of the Python workers.
//
//bggen:task name=images.resize engine=celery args=image_key,sizes
type Resize func(key string, sizes []int)

// App holds what lives as long as the program.
//
//bggen:app
type App struct{ Fleet *celery.Engine }

// New connects to the broker, such as redis://localhost:6379/0 or
// amqp://guest:guest@localhost:5672/. Results are read from where the workers put them.
func New(broker, results string) (*App, *runtime.Runner, error) {
	fleet, err := celery.Open(broker, celery.Results(results))
	if err != nil {
		return nil, nil, err
	}
	return &App{Fleet: fleet}, &runtime.Runner{Engines: map[string]engine.Engine{"celery": fleet}}, nil
}

// AddPicture asks for a picture in several sizes. The id in the answer is the task's.
//
//bggen:route POST /pictures/{key} status=202
func AddPicture(key string, body []int, bg *runtime.BackgroundTasks) runtime.TaskID {
	return EnqueueResize(bg, key, body)
}

// Names returns the files that the worker has made, and waits for them a little.
//
//bggen:route GET /resized/{id}
func (a *App) Names(ctx context.Context, id runtime.TaskID) ([]string, error) {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	names, err := celery.Result[[]string](ctx, a.Fleet, id)
	if failed, ok := errors.AsType[*celery.TaskError](err); ok {
		return nil, &runtime.Problem{Status: http.StatusBadGateway, Detail: failed.Type + ": " + failed.Message}
	}
	if errors.Is(err, context.DeadlineExceeded) {
		return nil, &runtime.Problem{Status: http.StatusNotFound, Detail: "not yet"}
	}
	return names, err
}
