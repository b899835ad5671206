// Package asynq stores background tasks in Redis, and runs them, with the queue
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
// A process without a server calls [runtime.Work] in place of [runtime.Serve]. A
// process that stores tasks and runs none sets Runner.StoreOnly. [New] is for a
// program that has a connection to Redis already.
//
// # What to know
//
// A task runs at least once, so it has to be safe to run twice. If a process dies
// while it runs a task, or cannot reach Redis for 30 seconds, another process runs
// the task again, up to two minutes later. asynq fixes these times. Tasks run side
// by side, in any order.
//
// Tasks are as safe as Redis is. Without an append-only file (appendonly yes) they
// are lost when Redis stops. With a maxmemory-policy other than noeviction they
// may be lost when its memory is full. The log has a warning in both cases. With
// appendfsync everysec, the default, a power failure loses up to one second;
// killing Redis alone loses nothing.
//
// Tasks cannot be part of a database transaction. StoreIn does nothing, and the
// tasks are stored after the commit, before the response is written. If the
// process dies in between, the client gets no response, and no task is stored.
//
// The tasks of a request are stored in one round trip: all of them or none. There
// are two exceptions. If Redis itself meets an error in the middle, for example
// because another program has data under one of asynq's keys, some may be stored.
// And if the connection is lost before Redis has answered, all may be stored
// although the request fails.
//
// Only failures count as attempts. A crash does not count, and neither does a stop
// that ran out of time. A task that was running in more than 25 crashes is given
// up, though. A task that has failed for good is in asynq's archive. asynq's tools
// and the page of package dashboard show it there and can run it again.
//
// A task that no process knows waits, and is offered again every few seconds, so
// that the next version of the program can run it. A task whose payload cannot be
// read has failed for good.
//
// The times of At and Delay, and the waits between attempts, are whole seconds. A
// task never begins too early, and may begin up to a second and a half late.
// Unique holds for one task in one queue, from the time when it is stored until
// its first attempt begins, for a week at most.
//
// Cancel ends the context of a task that runs in any process. It does not wait
// until the task has returned.
package asynq
