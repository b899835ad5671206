// Package asynq stores portable tasks in Redis, and runs them, with the queue
// github.com/hibiken/asynq.
//
//	engine, err := asynq.Open("redis://localhost:6379/0")
//	if err != nil {
//		log.Fatal(err)
//	}
//	defer engine.Close()
//	runner := runtime.Runner{Engine: engine}
//	notify.Register(mux, &runner)
//	err = runtime.Serve(ctx, server, &runner)
//
// A process without a server calls [runtime.Work] in place of [runtime.Serve],
// and one that only stores sets StoreOnly of its runner. [New] takes a
// connection to Redis that the program has already.
//
// # What to know
//
// A task runs at least once, so it has to be safe to run twice: a process that
// dies in the middle of one, or that Redis has not heard of for 30 seconds, is
// taken for dead, and another runs the task again, up to two minutes later.
// asynq fixes these times. Tasks run side by side, in no order.
//
// What Redis keeps is as safe as Redis: without an append-only file (appendonly
// yes) tasks are lost when it stops, and under a maxmemory-policy other than
// noeviction when its memory is full. Both are warnings in the log. With
// appendfsync everysec, its default, up to a second is lost with the power, and
// nothing when only Redis is killed.
//
// Tasks are not part of a database transaction: StoreIn does nothing, and they
// are stored after it has committed. A process that dies in between has not
// answered, and has stored none.
//
// The tasks of a request are stored in one round trip, all or none. Only if
// Redis itself meets an error in the middle, such as another program's data
// under asynq's keys, can it keep some; and if the connection is lost before it
// has answered, the error may be of tasks that it has.
//
// Attempts are those that reported a failure. A crash is none, and neither is a
// stop of the process that ran out of time; but a task that was running in more
// than 25 crashes is given up. A task that has failed for good is archived, in asynq's
// word, where asynq's tools and the page of package dashboard list it and can run
// it again.
//
// A task that no process knows waits, and is offered again every few seconds:
// during a deployment, to the next version. One whose payload cannot be read
// has failed for good.
//
// At and Delay, and the waits between attempts, are kept in whole seconds: a
// task never begins before its time, and up to a second and a half after it.
// Unique holds for one task in one queue, from storing until the first attempt
// begins, a week at most.
//
// Cancel ends the context of a task that runs in whatever process, and does not
// wait for it.
package asynq
