// Package dashboard is a page of what the tasks of a runner do: which run, wait
// and have failed, how often those of each name end and how long they take.
//
//	var runner runtime.Runner
//	mux := http.NewServeMux()
//	notify.Register(mux, &runner)
//	mux.Handle("/tasks/", http.StripPrefix("/tasks", dashboard.New(&runner)))
//
// It is an [http.Handler] below any path, of the standard library and embedded
// files only. The page loads nothing from elsewhere, and its
// Content-Security-Policy allows nothing but its own script and style. It is
// brought up to date once a second by server-sent events, works by keyboard, on
// a phone, in light and dark, and without scripts as a page of one moment.
//
// It has no login. Names, errors and stacks tell much of a program: put the page
// behind the login that you have, or on an address that only you can reach.
//
// # What it shows
//
// The numbers of [runtime.Runner.Stats]; the tasks that run, wait for their turn
// or their time, or are to be tried again; the last 200 that have failed for
// good, and the last 200 attempts that failed and were not the last, each with
// its error, and the stack if it has panicked (a task that returns an error has
// none). Of each list the page has the first 50, and says how many more there
// are.
//
// With [Arguments] it shows the arguments of portable tasks that run in this
// process. With [Actions] a failed task can be run again, once for each failure
// and as a task of its own with its attempts before it; and a task that has not
// ended can be cancelled: the context of one that runs ends.
//
// # What it costs
//
// When nobody looks: nothing, until a task fails. Then a text or two are kept.
// When somebody looks, the attempts that end are counted, and the list of tasks
// is made once a second, for all who look. Rates and charts therefore begin when
// somebody looks, and have a gap where nobody did.
//
// # Engines
//
// Of an engine that tells what it has (engine.Lister: River and asynq do)
// the page has what runs, waits and has failed in all processes, those of other
// programs too. It is asked every two seconds while somebody looks, and one that
// is slow more seldom. With [Actions] a task that has failed is tried again
// (engine.Retrier), and one that waits or runs is cancelled as far as the
// engine can (engine.Canceler).
//
// Besides, a task of an engine is among those of this process while it runs here,
// provided that somebody looked when it began, and when it has failed here.
//
// # data.json
//
// The same as JSON, with up to 100 tasks of each state, all failures that are
// kept, and their stacks. Times are RFC 3339, durations are seconds.
//
//	at       the moment
//	stats    {slots, waiting, delayed, running, ran, failed, retried}: as runtime.Stats
//	running  [task]  the one that has run for longest first
//	queued   [task]
//	delayed  [task]  also those that are to be tried again; the next one first
//	more     {running, queued, delayed}: how many there are beyond these
//	failed   [failure]  in their last attempt, the newest first
//	retried  [failure]  attempts that were not the last
//	rates    [rate]  over the last minute, of the seconds in which somebody looked
//	engines  [engine]  that tell what they have
//
// A task is
//
//	id               for Runner.Cancel; with Actions only
//	name             import path and function, what Named said, or file and line
//	handler          that added it
//	state            running or queued; failed, in an engine
//	attempt          the one that runs, or is next
//	at               when its attempt began; when one is due that is queued; when one has failed
//	error            of the last attempt, where an engine keeps it
//	args             its arguments; with Arguments only
//
// A failure is
//
//	id                of the failure; it is not a task's
//	at                when the attempt ended
//	name, handler, attempt, args
//	error             its text, up to 4 KiB
//	stack             of a panic, up to 16 KiB
//	retry_in_seconds  until the next attempt, of one that is retried
//	retried_by_engine true: the engine of the task knows when
//	run_again         true: somebody had it run again
//
// An engine is
//
//	name                     its key in Runner.Engines, or its package
//	error                    why what it has is not known; then the rest is empty
//	queued, running, failed  how many there are
//	tasks                    [task]: up to 100 of each state
//
// A rate is
//
//	name                           "(others)" is all names beyond the first 40
//	per_second, failed_per_second  attempts that ended
//	p50_seconds, p95_seconds       how long they took, within a tenth; null: that is not known
package dashboard
