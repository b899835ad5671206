// Package celery publishes tasks to existing Celery workers, over Redis or RabbitMQ,
// in Celery's message protocol 2, and reads their results. It does not run tasks:
// the workers are Python programs.
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
// Handlers call the generated EnqueueResize. When a handler has succeeded, its tasks
// are published together, before the response is written. If they cannot be
// published, the response is 503. So a 2xx response means that the broker has them.
//
// [Result] waits for what a task returns. A Python exception is a [TaskError]
// with its type, message and traceback.
//
// # What Celery gets of a call
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
// A task may run twice: if a connection is lost before the broker has answered, if
// a worker with acks_late is killed, and with Redis if a worker does not
// acknowledge the task within visibility_timeout, which is one hour by default. A
// worker acknowledges a task when it begins, or with acks_late when it ends. So
// with Redis, a task whose Delay or At is more than an hour away runs more than
// once, unless the workers raise visibility_timeout in broker_transport_options.
//
// With Redis, the tasks of a request are published all or none: with one LPUSH, or
// in one transaction if they go to several queues. RabbitMQ has nothing like that,
// so tasks of a request that was answered with 503 may run.
//
// A queue of RabbitMQ is declared by the worker that consumes it, with arguments
// that only the worker knows. Until a worker has run once, Enqueue fails and says
// so. Messages are persistent. Whether the queue is durable is the worker's
// choice; it is by default.
//
// Redis keeps queues in memory. Its settings appendonly and appendfsync decide
// what survives a crash.
//
// Tasks cannot be cancelled from here, and [runtime.Runner.Cancel] returns false.
// Celery sends a revocation to the workers that are running at the time, which
// keep it in memory, and none answers whether the task has begun. An operator can
// do that with "celery -A app control revoke ID". The option [Expires] limits how
// long a task may wait.
//
// With RabbitMQ, a task with Delay or At may begin some seconds late, because of
// the worker's timer. Messages that Celery itself publishes are as late.
//
// Results are kept for a day (result_expires) in Redis. With rpc:// they are kept
// in the memory of the process that added the task: the last 1,000, and at most 64
// MiB. Other processes cannot read those, and a restart loses them. [Result] needs
// result_serializer to be json, which is the default.
//
// go-redis logs connections that it cannot make to a logger of its own, which
// writes to standard error unless redis.SetLogger changes it.
package celery
