// Package nats stores background tasks in NATS JetStream, and runs them. It needs a
// NATS server of version 2.12 or later with JetStream.
//
//	engine, err := nats.Open("nats://localhost:4222")
//	if err != nil {
//		log.Fatal(err)
//	}
//	defer engine.Close()
//	runner := runtime.Runner{Engine: engine}
//
// # What to know
//
// A task runs at least once, so it has to be safe to run twice. If a process dies
// while it runs a task, the task runs again when [Config].Lease has passed. Tasks
// run side by side, in any order.
//
// The tasks of a request are stored all or none, in a batch of at most 1,000
// messages. A task with Unique takes two messages. Tasks cannot be part of a database
// transaction: StoreIn does nothing, and they are stored after the commit.
//
// Package embedded runs a server within the process.
//
// Only failures count as attempts. A task that has failed for good is kept for 90
// days, and can be run again. The status of a task that has succeeded is kept for
// [Config].Keep.
package nats
