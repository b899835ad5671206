package runtime

import "encoding/json"

// Stats says what a runner does at one moment. The numbers are read one after the other,
// so they may not add up exactly.
type Stats struct {
	Slots   int    `json:"slots"`   // places of the Queue that are taken, by requests in flight or until their tasks have ended
	Waiting int    `json:"waiting"` // requests whose tasks wait, for the end of the response or for a worker
	Delayed int    `json:"delayed"` // tasks that wait for their time or for another attempt
	Running int    `json:"running"` // requests whose tasks run
	Ran     uint64 `json:"ran"`     // tasks that have ended since the start
	Failed  uint64 `json:"failed"`  // of these, those that failed or panicked in their last attempt
	Retried uint64 `json:"retried"` // attempts that failed and were not the last
	Skipped uint64 `json:"skipped"` // runs of periodic tasks that were due while the one before had not ended
}

// String is Stats as JSON, so that a runner is an [expvar.Var]:
//
//	expvar.Publish("tasks", &runner)
//
// The package expvar is the program's to import: it adds a handler to
// [http.DefaultServeMux].
func (r *Runner) String() string {
	text, err := json.Marshal(r.Stats())
	if err != nil { // it is made of numbers
		panic(err)
	}
	return string(text)
}

// Stats returns what the runner does now.
func (r *Runner) Stats() Stats { return Stats(r.Core().Stats()) }
