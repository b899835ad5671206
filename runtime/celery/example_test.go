package celery_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"net/http"
	"time"

	"github.com/bggen/bggen/runtime"
	"github.com/bggen/bggen/runtime/celery"
	"github.com/bggen/bggen/runtime/celery/internal/pictures"
	"github.com/bggen/bggen/runtime/engine"
)

// A service whose pictures a Celery fleet resizes. Package pictures is in
// internal/pictures, and its Register is generated.
func Example() {
	fleet, err := celery.Open("amqp://guest:guest@127.0.0.1:5672//",
		celery.Queue("pictures"), celery.Results("rpc://"), celery.Expires(6*time.Hour))
	if err != nil {
		log.Fatal(err)
	}
	defer fleet.Close()
	runner := &runtime.Runner{Engines: map[string]engine.Engine{"celery": fleet}}
	mux := http.NewServeMux()
	pictures.Register(mux, runner, &pictures.App{Fleet: fleet})
	server := &http.Server{Addr: ":8080", Handler: mux}
	if err := runtime.Serve(context.Background(), server, runner); err != nil {
		log.Print(err)
	}
}

func ExampleResult() {
	var fleet *celery.Engine  // of Open
	var resize runtime.TaskID // of the generated EnqueueResize
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	names, err := celery.Result[[]string](ctx, fleet, resize)
	if failed, ok := errors.AsType[*celery.TaskError](err); ok {
		fmt.Println("the worker has raised", failed.Type, failed.Message)
		return
	}
	fmt.Println(names, err)
}
