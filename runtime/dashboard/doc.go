// Package dashboard is a page of the background tasks of a runner, for whoever has to
// find out why they do not run: which run, wait and have failed, in this process and in
// the engines of the runner, and what has ended in the last day.
//
//	var runner runtime.Runner
//	mux := http.NewServeMux()
//	notify.Register(mux, &runner)
//	mux.Handle("/tasks/", http.StripPrefix("/tasks", dashboard.New(&runner)))
//
// It is an [http.Handler] below any path, of the standard library and embedded
// files only. The server renders it; a script keeps it up to date and asks before
// something is done. Without scripts it works as well, as a page of one moment. The page
// loads nothing from elsewhere, and its Content-Security-Policy allows nothing but its own
// script and style.
//
// # Who may see it
//
// The page has no login. Give [New] the option [Authorize], or put the page behind a
// middleware of your own and say so with Authorize: otherwise it warns, on the page and
// in the log, where it is served at an address that is not of this machine alone. Names,
// errors and stacks tell much of a program; the arguments of tasks tell more, and are
// hidden without [Arguments].
//
// Without [Actions] the page only shows. With it, a task can be tried again, run now,
// cancelled and deleted, all tasks that a filter shows as well, and a queue can be paused.
// A request for that is refused if another site has sent it, as Sec-Fetch-Site and Origin
// say, and also if it has neither and does not bring the token of the page's forms. A
// program sends the header Bggen-Dashboard, with any value, in place of a token.
//
// # What it shows
//
// Beside tasks there are pages of the queues of engines, of the processes that work, and
// of the schedules of periodic tasks.
//
// Tasks are in six lists: running, waiting (for a worker), delayed (until their time),
// retrying (after an attempt that failed), failed (for good) and done. A list has pages of
// 50. It can be narrowed to a task, a queue, an engine, and to a part of an id or of an
// error; the address of the page says all of it. A whole id leads to the page of its task.
//
// Of this process the lists have what is in its memory, the last 200 tasks that failed for
// good, and about 64 tasks of each name that have succeeded. Of an engine they have what
// it keeps: River and asynq tell all (they implement [engine.Browser] and
// [engine.Operator]), NATS the first 1,000 tasks of each state ([engine.Lister]). Celery
// publishes only: its tasks cannot be listed.
//
// A task's page has all attempts that failed, as far as they are known, with the stack
// of one that has panicked in this process.
//
// # What it costs
//
// Attempts are counted for a day whether anybody looks or not: 5.5 MiB of memory at most,
// and 4 % of the time of an empty task. When a task fails, a text or two are kept.
// While somebody looks, a page is rendered every two seconds for all who look at it, at
// most a tenth of the time, and sent if something has changed. 100 can look at once; for
// others the page stands still.
//
// An engine is asked how much it has every two seconds while somebody looks, and more
// seldom if it is slow. One that does not answer within two seconds is left alone for a
// moment, and the page says so.
//
// # JSON
//
// Each page is there as JSON, with the same query: data.json, list.json, task.json,
// queues.json, processes.json and schedules.json. Their form is in docs/dashboard.md.
package dashboard
