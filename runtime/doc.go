// Package runtime runs background tasks after the response of an HTTP request,
// and carries the adapters that bggen generates around handlers.
//
// A handler, or anything it depends on, asks for a *[BackgroundTasks] and adds
// tasks to it. One collector is made per request. When the handler has
// succeeded and the last byte of its response has been handed to the
// connection, the tasks run on another goroutine, one after the other, in the
// order in which they were added. When the handler fails, they are discarded.
//
// A [Runner] runs them. Its zero value works:
//
//	var runner runtime.Runner
//	mux := http.NewServeMux()
//	notify.Register(mux, &runner) // generated
//	server := &http.Server{Addr: ":8080", Handler: mux}
//	err := runtime.Serve(context.Background(), server, &runner)
//
// Tasks live in the memory of this process: a crash or SIGKILL loses those that
// have not run. [Runner.Shutdown], which [Serve] calls, waits for them. With an
// [Engine], which is one field of the runner, portable tasks are stored in a
// database or a broker, and run here or in another process ([Work]).
//
// What a program uses is [BackgroundTasks], [Runner], [Serve], [Collect],
// [Problem] and the options. [Exchange] and the functions that take one are for
// generated code.
package runtime

// GeneratedCodeV1 is what generated code of version 1 refers to, so that it
// does not compile with a runtime that does not know it.
const GeneratedCodeV1 = true
