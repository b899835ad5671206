package runtime_test

import (
	"context"
	"errors"
	"expvar"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"time"

	"github.com/bggen/bggen/runtime"
	"github.com/bggen/bggen/runtime/adapter"
)

// handle is what bggen generates for a handler of that signature, and serve one
// request of it, with its tasks.
func handle(runner *runtime.Runner, f func(bg *runtime.BackgroundTasks) error) http.Handler {
	return adapter.NewWithTasks("example.Handler", runner, nil, func(x *adapter.Exchange) error {
		if err := x.Ready(); err != nil {
			return err
		}
		if err := f(x.Tasks()); err != nil {
			return err
		}
		return adapter.Text(x, http.StatusOK, "answer")
	})
}

func serve(runner *runtime.Runner, handler http.Handler) {
	printed := make(chan struct{}) // tasks run when the response is written, and so may print before it is printed
	runner.Around = append(runner.Around, func(next runtime.TaskFunc) runtime.TaskFunc {
		return func(ctx context.Context) error { <-printed; return next(ctx) }
	})
	defer runner.Idle(context.Background())
	defer close(printed)
	w := httptest.NewRecorder()
	handler.ServeHTTP(w, httptest.NewRequest("GET", "/", nil))
	fmt.Println(w.Code)
}

func say(text string) func(context.Context) error {
	return func(context.Context) error { fmt.Println(text); return nil }
}

// Tasks run one after the other when the client has its answer.
func ExampleBackgroundTasks_Add() {
	var runner runtime.Runner
	serve(&runner, handle(&runner, func(bg *runtime.BackgroundTasks) error {
		bg.Add(say("first"))
		bg.Add(say("second"))
		return nil
	}))
	// Output:
	// 200
	// first
	// second
}

// A task that fails stops nothing: not the next task, and no other request.
func ExampleRunner_onError() {
	runner := runtime.Runner{
		Logger: slog.New(slog.DiscardHandler),
		OnError: func(_ context.Context, task runtime.TaskInfo, err error) {
			fmt.Println(task.Name, "of", task.Handler, "failed:", err)
		},
	}
	serve(&runner, handle(&runner, func(bg *runtime.BackgroundTasks) error {
		bg.Add(func(context.Context) error { panic("no mail server") }, runtime.Named("mail"))
		bg.Add(say("second"))
		return nil
	}))
	// Output:
	// 200
	// mail of example.Handler failed: panic: no mail server
	// second
}

// Starlette's rule, for those who want it.
func ExampleBackgroundTasks_StopOnFailure() {
	runner := runtime.Runner{Logger: slog.New(slog.DiscardHandler)}
	serve(&runner, handle(&runner, func(bg *runtime.BackgroundTasks) error {
		bg.StopOnFailure()
		bg.Add(func(context.Context) error { return errors.New("failed") })
		bg.Add(say("never"))
		return nil
	}))
	// Output: 200
}

// The tasks of a request that fails are dropped, but for those that are for that.
func ExampleOnFailure() {
	runner := runtime.Runner{Logger: slog.New(slog.DiscardHandler)}
	serve(&runner, handle(&runner, func(bg *runtime.BackgroundTasks) error {
		bg.Add(say("dropped"))
		bg.Add(say("alert"), runtime.OnFailure())
		bg.Add(say("audit"), runtime.Always())
		return errors.New("failed")
	}))
	// Output:
	// 500
	// alert
	// audit
}

// A task that is tried again, or delayed, leaves the line.
func ExampleAttempts() {
	runner := runtime.Runner{Logger: slog.New(slog.DiscardHandler)}
	calls := 0
	serve(&runner, handle(&runner, func(bg *runtime.BackgroundTasks) error {
		bg.Add(func(context.Context) error {
			calls++
			fmt.Println("attempt", calls)
			if calls < 2 {
				return runtime.RetryAfter(errors.New("busy"), time.Millisecond)
			}
			return nil
		}, runtime.Attempts(3))
		bg.Add(say("meanwhile"))
		return nil
	}))
	// Output:
	// 200
	// attempt 1
	// meanwhile
	// attempt 2
}

// Work without a request: a clock, a message.
func ExampleRunner_Do() {
	var runner runtime.Runner
	err := runner.Do(context.Background(), func(bg *runtime.BackgroundTasks) error {
		bg.Add(say("afterwards"))
		fmt.Println("the work itself")
		return nil
	})
	runner.Idle(context.Background())
	if err != nil {
		fmt.Println(err)
	}
	// Output:
	// the work itself
	// afterwards
}

// Middleware adds tasks, too.
func ExampleCollect() {
	var runner runtime.Runner
	mux := handle(&runner, func(bg *runtime.BackgroundTasks) error {
		bg.Add(say("the handler's"))
		return nil
	})
	audit := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mux.ServeHTTP(w, r)
		runtime.FromContext(r.Context()).Add(say("the middleware's"))
	})
	serve(&runner, runtime.Collect(&runner, audit))
	// Output:
	// 200
	// the handler's
	// the middleware's
}

// What has become of a task, and how to stop it.
func ExampleRunner_Status() {
	var runner runtime.Runner
	resize := adapter.NewTaskDef[struct{ Key string }]("pictures.Resize") // generated
	resize.Register(&runner, func(context.Context, struct{ Key string }) error { return nil })
	var id string
	serve(&runner, handle(&runner, func(bg *runtime.BackgroundTasks) error {
		id = resize.Enqueue(bg, struct{ Key string }{"a.png"}, []runtime.TaskOption{runtime.Delay(time.Hour)}).String()
		fmt.Println(runner.Cancel(runtime.ParseTaskID(id)))
		return nil
	}))
	status, known := runner.Status(runtime.ParseTaskID(id))
	fmt.Println(status.State, known)
	// Output:
	// true
	// 200
	// cancelled true
}

// A runner is an expvar.Var.
func ExampleRunner_String() {
	var runner runtime.Runner
	expvar.Publish("tasks", &runner)
	serve(&runner, handle(&runner, func(bg *runtime.BackgroundTasks) error {
		bg.Add(say("task"))
		return nil
	}))
	fmt.Println(expvar.Get("tasks"))
	// Output:
	// 200
	// task
	// {"slots":0,"waiting":0,"delayed":0,"running":0,"ran":1,"failed":0,"retried":0,"skipped":0}
}

// Shutdown names what it could not wait for.
func ExampleRunner_Shutdown() {
	var runner runtime.Runner
	serveOnly := httptest.NewRecorder()
	handle(&runner, func(bg *runtime.BackgroundTasks) error {
		bg.Add(say("never"), runtime.Delay(time.Hour), runtime.Named("reminder"))
		return nil
	}).ServeHTTP(serveOnly, httptest.NewRequest("GET", "/", nil))
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	fmt.Println(runner.Shutdown(ctx))
	// Output: 1 background task left: reminder: they are not due before the deadline
}

// A program serves until it is told to stop, and then runs what its requests have left.
func ExampleServe() {
	var runner runtime.Runner
	mux := http.NewServeMux()
	// notify.Register(mux, &runner) // generated
	server := &http.Server{Addr: ":8080", Handler: mux}
	if err := runtime.Serve(context.Background(), server, &runner); err != nil {
		slog.Error("serve", "error", err)
	}
}

// An error that is a Problem says what the client is told.
func ExampleProblem() {
	var runner runtime.Runner
	h := handle(&runner, func(*runtime.BackgroundTasks) error {
		return &runtime.Problem{Status: http.StatusConflict, Detail: "this seat is taken"}
	})
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest("POST", "/seats/12a", nil))
	fmt.Println(w.Code, w.Body)
	// Output: 409 {"title":"Conflict","status":409,"detail":"this seat is taken"}
}

// A program with a page for each error answers with that, and falls back to a problem
// document where it has none.
func ExampleWithErrorHandler() {
	option := runtime.WithErrorHandler(func(w http.ResponseWriter, r *http.Request, err error) {
		if problem := runtime.ProblemOf(err); problem.Status != http.StatusNotFound {
			problem.Respond(w)
			return
		}
		w.WriteHeader(http.StatusNotFound)
		fmt.Fprint(w, "There is no such page.")
	})
	var runner runtime.Runner
	h := adapter.New("example.Page", &runner, []runtime.Option{option}, func(*adapter.Exchange) error {
		return &runtime.Problem{Status: http.StatusNotFound}
	})
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest("GET", "/missing", nil))
	fmt.Println(w.Code, w.Body)
	// Output: 404 There is no such page.
}
