// Package nats stores portable tasks in NATS JetStream, and runs them. The server
// has version 2.12 or later, with JetStream.
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
// A task runs at least once, so it has to be safe to run twice. A task that was
// running when its process died runs again when [Config].Lease has passed. Tasks
// run side by side, in no order.
//
// The tasks of a request are stored all or none, in a batch of at most 1,000
// messages, of which a task with Unique has two. They are not part of a database
// transaction: StoreIn does nothing, and they are stored after it has committed.
//
// Package embedded runs a server within the process.
//
// Attempts are those that reported a failure. A task that has failed for good is
// kept for 90 days, and can be run again; the status of one that has succeeded is
// kept for [Config].Keep.
package nats
