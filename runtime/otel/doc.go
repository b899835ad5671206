// Package otel shows the background tasks of a runner in OpenTelemetry: each
// attempt of a task as a span in the trace of its request, and what the runner
// does as metrics. One call does both:
//
//	var runner runtime.Runner
//	otel.Instrument(&runner)
//
// It uses the providers and the propagator that the program has set in
// go.opentelemetry.io/otel, before or afterwards. Note that OpenTelemetry for Go
// propagates nothing until otel.SetTextMapPropagator was called: without it, a
// task that an engine stores loses its trace.
//
// # Spans
//
// The span "run NAME" is one attempt of a task, from its start to its end. It
// follows the semantic conventions for messaging, where the request is the
// producer of a message and the attempt processes it:
//
//	kind                        consumer
//	messaging.system            bggen
//	messaging.operation.name    run
//	messaging.operation.type    process
//	messaging.destination.name  the name of the task
//	messaging.message.id        the id of the task, where it was written down
//	messaging.bggen.attempt     1 for the first
//	messaging.bggen.handler     of the request, where the task runs in its process
//	error.type                  of an attempt that failed
//
// It is linked to the span of the request, as the conventions want of each
// message, and it is a child of it too, as they allow where a message is
// processed alone: then one trace shows the request, its tasks and what they
// call, and a sampler decides for all of them at once. A task outlives its
// request, so the child ends after its parent, and a task with a long delay
// makes a long trace. [WithNewTrace] begins a trace for each attempt, and leaves
// the link. A task that is added by a task belongs to the request as well.
//
// When a task has been stored by an engine, the context of the request travels
// in the call's metadata, under the names of the propagator: traceparent, for
// one, which workers in other languages understand. An engine that has a span of
// its own around what it runs is the parent of the attempt then; the link to
// the request stays.
//
// An attempt that fails has the status Error and an exception event; that of a
// panic has the stack. error.type is "panic", "goexit" for a task that called
// runtime.Goexit, what a method ErrorType of the error says, or else the error's
// type, without what fmt.Errorf, runtime.Permanent and runtime.RetryAfter have
// put around it.
//
// # Metrics
//
//	messaging.process.duration  histogram, s    of attempts, by task and error.type
//	bggen.task.wait_time        histogram, s    from when an attempt is due to its start, by task
//	bggen.task.active           up-down, {task} attempts that run now, those of engines among them
//	bggen.runner.batch.count    up-down, {batch} by bggen.batch.state: see below
//	bggen.runner.slot.count     up-down, {slot}  slots of Runner.Queue that are taken
//	bggen.engine.task.count     gauge, {task}    with WithEngines: by bggen.engine and bggen.task.state
//	bggen.runner.task.ended     counter, {task}  that have ended
//	bggen.runner.task.failed    counter, {task}  of these, that failed in their last attempt
//	bggen.runner.task.retried   counter, {attempt} that failed and were not the last
//
// The tasks of a request are a batch; so is one that left its line for a delay
// or another attempt. A batch is running, or waiting for the end of its response
// or for a worker, or delayed.
//
// An engine is called as in Runner.Engines, or default, and what it has is queued,
// running or failed, whichever process has stored it.
//
// An attempt is due when its response has ended and its delay is over, in this
// process; in an engine when it was stored and its delay is over, which is known
// of the first attempt. bggen.task.wait_time has the tasks before it in the line
// of its request, too.
//
// The number of attempts, and of those that failed, is the count of
// messaging.process.duration. messaging.client.sent.messages and its like are
// about the client of a broker: an engine's own instrumentation has them.
//
// The name of a task is an attribute of metrics, so runtime.Named should not be
// given numbers or names of users.
package otel
