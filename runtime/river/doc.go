// Package river stores the tasks of bggen durably, in a SQLite file or a
// PostgreSQL database, as jobs of River (https://riverqueue.com): with its
// retries, its schedule, its unique jobs and its tools.
//
//	engine, err := river.Open("tasks.db") // or postgres://user:password@host/name
//	if err != nil {
//		return err
//	}
//	defer engine.Close()
//	runner := &runtime.Runner{Engine: engine}
//
// That is all: the generated RegisterTasks say what can run, [runtime.Serve]
// serves and works, [runtime.Work] only works, and Runner.StoreOnly leaves the
// work to other processes. [Config] has the settings, [New] is for a River
// client that a program has already.
//
// # Transactions
//
// A task can be part of the transaction of its request: rolled back, it never
// was. A provider that begins a transaction has the tasks stored before it
// commits:
//
//	//bggen:provide
//	func NewTx(ctx context.Context, db *sql.DB, bg *runtime.BackgroundTasks) (*sql.Tx, func(error) error, error) {
//		tx, err := db.BeginTx(ctx, nil)
//		return tx, func(err error) error {
//			if err == nil {
//				err = bg.StoreIn(ctx, tx)
//			}
//			if err != nil {
//				return errors.Join(err, tx.Rollback())
//			}
//			return tx.Commit()
//		}, err
//	}
//
// For PostgreSQL tx is a pgx.Tx or a *sql.Tx of the same database; for SQLite, a
// *sql.Tx of the same file.
//
// # What to know
//
// A task runs at least once, and after a crash perhaps twice: the second time
// has to do no harm. Tasks of one request run side by side, in no order.
//
// A task that was running when its process died runs again after
// [Config].LongestTask, which is ten minutes unless it is set, and up to another
// minute: River learns of the death by the time that has passed. Set it to what
// the slowest task needs. It is also the timeout of tasks that have none.
//
// The attempts of a task are those in which it has failed. A crash, a stop that
// ran out of time are none; River, whose own count they are in, is given a
// margin of 1,000. What has failed for
// good is kept for a week as a cancelled job with its errors, and can be run
// again with River's tools and from the page of package dashboard; what has
// succeeded is kept for a day.
//
// A task that no process knows waits for one that does. Where a process has died
// in the middle of a task, and the one that looks after such tasks does not know
// it, River discards it (https://github.com/riverqueue/river/issues/1105); the
// engine has it wait again within 15 seconds.
//
// A task with Unique is dropped while one of its name and key waits, and also
// while that runs. A queue has a name of small letters, digits, - and _; workers
// take from those that [Config].Queues names, and a task for another is refused.
//
// A worker hears at once of a new task in PostgreSQL, and in SQLite of those
// that its own process has stored outside of transactions; otherwise it looks
// every 200 ms, for each queue that it works on. A retry is made up to a second
// late in PostgreSQL.
//
// The status of a task is found by an index in PostgreSQL; in SQLite by looking
// through the jobs, which takes a tenth of a second for 100,000: an index would
// make each insert dearer.
//
// # SQLite
//
// A file has one writer at a time, and the engine has one connection to it, with
// a write-ahead log that is synced at each commit. A program that keeps its own
// data in the same file opens a handle of its own, so that its transactions can
// have tasks:
//
//	db, err := sql.Open("sqlite", river.DataSource("tasks.db"))
//	db.SetMaxOpenConns(1)
//
// While a transaction is open, what is not part of it cannot be stored: not by
// the same request, which would wait for itself, and not by others, which wait
// for five seconds. So have its tasks stored in it, with StoreIn, or after its
// end, where runners store what StoreIn was not called for; and do not call
// Runner.Do, or another service that adds tasks, in between. Where it happens
// anyway, the error says so, and nothing hangs.
//
// # PostgreSQL
//
// The connection goes to the server itself, or to a pooler that keeps sessions:
// LISTEN does not go through one that pools transactions.
package river
