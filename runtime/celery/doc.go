// Package celery publishes tasks to the workers of an existing Celery fleet, over
// Redis or RabbitMQ, in Celery's message protocol 2, and reads their results. It
// runs no task: workers are Python's.
//
// A task is a named func type. Its name is the worker's, and its parameters, by
// name or as args= renames them, are the keyword arguments:
//
//	//bggen:task name=images.resize engine=celery args=image_key,sizes
//	type Resize func(key string, sizes []int)
//
// calls this one:
//
//	@app.task(name="images.resize")
//	def resize(image_key, sizes): ...
//
// The program opens the engine where it makes the runner, with the broker_url of
// the fleet, and closes it when the runner has been shut down:
//
//	fleet, err := celery.Open("redis://:password@queue.internal:6379/0")
//	...
//	defer fleet.Close()
//	runner := &runtime.Runner{Engines: map[string]engine.Engine{"celery": fleet}}
//
// Handlers call the generated EnqueueResize. When one has succeeded and before the
// first byte of its response, its tasks are published together. What cannot be
// published is answered with 503, so a 2xx means that the broker has the tasks.
//
// [Result] waits for what a task returns. A Python exception is a [TaskError]
// with its type, message and traceback.
//
// # What the call says, and what becomes of it
//
//	id         the task's id in Celery. Celery's own are UUIDs; it takes any text
//	Queue      the list of Redis, or the queue of RabbitMQ, by the default
//	           exchange; "celery" unless the option Queue says otherwise. Celery's
//	           task_routes are not asked: they are configuration of publishers
//	Delay, At  the header eta. Workers hold such tasks in memory until then
//	Timeout    the soft limit in the header timelimit: SoftTimeLimitExceeded is
//	           raised in the task. Only the prefork pool does that. The hard
//	           limit is the worker's
//	Attempts,  nothing: in Celery the task says so itself, with max_retries,
//	Backoff    autoretry_for and retry_backoff. A program that asks for them is
//	           told in the log, once for each task
//	Unique     Enqueue fails: Celery knows no such thing
//	Meta       headers of the message: a trace arrives as self.request.traceparent,
//	           where OpenTelemetry's instrumentation of Celery looks
//
// # What to know
//
// At least once. A task may run twice: when a connection is lost before the
// broker has answered, when a worker with acks_late is killed, and with Redis
// when a worker holds it unacknowledged for longer than visibility_timeout, one
// hour by default, since it has not begun, or with acks_late not ended. So with
// Redis a task whose Delay or At is more than an hour away runs more than once,
// unless the fleet raises visibility_timeout in its broker_transport_options.
//
// All or none is true of Redis: a request's tasks are one LPUSH, or one
// transaction where they go to several queues. RabbitMQ has nothing of the kind.
// There, tasks of a request that was answered with 503 may run.
//
// A queue of RabbitMQ is declared by the worker that consumes it, with arguments
// that only the worker knows. Until it has run once, Enqueue fails and says so.
// Messages are persistent; whether the queue is durable is the worker's choice,
// and it is by default.
//
// Redis keeps queues in memory. What survives its crash depends on its appendonly
// and appendfsync.
//
// Cancelling is not possible here, and [runtime.Runner.Cancel] answers false:
// Celery broadcasts a revocation to the workers that happen to run, they hold it in
// memory, and none says whether the task has begun. An operator can do that with
// "celery -A app control revoke ID". The option [Expires] bounds how long a task
// may wait.
//
// A task with an eta may begin seconds late with RabbitMQ. That is the worker's
// timer: messages that Celery itself publishes are as late.
//
// Results are kept for a day (result_expires), in Redis, or for rpc:// in the
// memory of the process that enqueued: the last 1,000, and no more than 64 MiB.
// Another process cannot read those of rpc://, and a restart forgets them.
// [Result] needs result_serializer to be json, as it is by default.
//
// go-redis writes of connections that it cannot make to its own logger, standard
// error unless redis.SetLogger changes it.
package celery
