// Package runtime runs background tasks after the response of an HTTP request.
//
// # Adding tasks
//
// A handler that wants to do something after its response takes a parameter of type
// *[BackgroundTasks] and adds tasks to it:
//
//	//bggen:route POST /invitations
//	func Invite(body Invitation, bg *runtime.BackgroundTasks) (Receipt, error) {
//		receipt, err := save(body)
//		bg.Add(func(ctx context.Context) error { return sendMail(ctx, body.Email) })
//		return receipt, err
//	}
//
// The command bggen generates the [http.Handler] around such a function. When the
// function returns without an error, its tasks run as soon as the last byte of the
// response has been handed to the connection. They run on another goroutine, one after
// the other, in the order in which they were added. When the function returns an error
// or panics, its tasks are dropped. The tasks of different requests run side by side.
//
// A [TaskOption] changes how one task runs: [Delay], [Timeout], [Attempts] and the
// others. The context of a task has the values of the request's context and outlives
// the request.
//
// # Running them
//
// A [Runner] runs the tasks. Its zero value works:
//
//	var runner runtime.Runner
//	mux := http.NewServeMux()
//	invitations.Register(mux, &runner) // generated
//	server := &http.Server{Addr: ":8080", Handler: mux}
//	err := runtime.Serve(context.Background(), server, &runner)
//
// [Serve] serves until the process is told to stop, and then waits for the tasks. With
// an [http.Server] that you run yourself, call [Runner.Attach] before it serves and
// [Runner.Shutdown] after its own Shutdown. [Runner.Do] adds tasks where there is no
// request, and [Collect] lets middleware add them.
//
// The number of tasks that a runner accepts is limited. A request for which it has no
// room is answered with 503 before its handler is called.
//
// A task that fails is logged, and passed to Runner.OnError. It stops neither the tasks
// after it nor the process. [Runner.Stats] counts what the runner does, [Runner.Status]
// and [Runner.Cancel] look after one task.
//
// # Surviving a crash
//
// Tasks wait in the memory of the process, so a crash loses those that have not run.
// Tasks that must not be lost are written as functions with the directive
// //bggen:task, and the runner is given an engine, which stores them in a database or a
// message broker:
//
//	runner := runtime.Runner{Engine: engine}
//
// They then run in this process or in any other that calls [Serve] or [Work]. The
// engines are packages of their own, such as runtime/river. Package
// [github.com/bggen/bggen/runtime/engine] says how to write one.
//
// # Errors
//
// An error that a handler returns is answered with a [Problem], a JSON document that
// says what went wrong (RFC 9457). A method StatusCode() int of the error sets the
// status; without one it is 500, and the client learns nothing of the error's text.
// Values of a request that do not fit the parameters of the handler are answered with
// 422 and a list of what is wrong with each of them, see [BindError].
// [WithErrorHandler] replaces these answers.
//
// # Testing
//
// A handler is a function, so a unit test calls it with new(BackgroundTasks), which
// collects tasks and runs none. Package runtime/bgtest has a client that returns when
// the tasks of a request have run, and a recorder that knows what was added.
package runtime
