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
// The generated functions Register and RegisterTasks tell the runner which tasks the
// process knows. runtime.Serve serves requests and runs stored tasks, runtime.Work only
// runs them, and with Runner.StoreOnly Serve leaves them to other processes. [Config]
// has settings. [New] is for a program that has a River client already.
//
// # Transactions
//
// A task can be stored in a transaction of the program: if the transaction is rolled
// back, the task does not run. The provider that begins the transaction has the tasks
// stored before it commits:
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
// A task runs at least once. After a crash it may run a second time, so write it so that
// this does no harm. Tasks of one request run side by side, in any order.
//
// If a process dies while it runs a task, the task runs again after Config.LongestTask
// and up to another minute, since River notices only by the time that has passed.
// LongestTask is ten minutes unless it is set. It is also the timeout of tasks that have
// none: set it to what the slowest task needs.
//
// Only failures count as attempts. A crash, or a stop that ran out of time, does not.
// River counts these too, so it is allowed 1,000 attempts more. A task that has failed
// for good is kept for a week as a cancelled job with its errors. River's tools and the
// page of package dashboard can run it again. A task that has succeeded is kept for a
// day.
//
// A task that no process knows waits for a process that does. If a process dies while it
// runs a task that the process which leads does not know, River discards the job
// (https://github.com/riverqueue/river/issues/1105). The engine puts it back within 15
// seconds.
//
// A task with Unique is dropped while another one with its name and key waits or runs.
// Names of queues consist of small letters, digits, hyphens and underscores. Workers take
// tasks from the queues that Config.Queues names, and a task for any other queue is
// refused.
//
// In PostgreSQL, a worker is told of a new task at once. In SQLite, it is told at once of
// tasks that its own process has stored outside of transactions, and looks for others
// every 200 ms, for each queue. In PostgreSQL a retry may come a second late.
//
// The status of a task is found by an index in PostgreSQL. In SQLite it is found by
// looking through all jobs, which takes a tenth of a second for 100,000 of them: an index
// would make every insert slower.
//
// # SQLite
//
// A SQLite file has one writer at a time. The engine has one connection that writes, with
// a write-ahead log that is synced at each commit, and up to two that only read, for the
// page and for statuses: they keep no task waiting that is stored. A program that keeps its own data in the
// same file opens it a second time, so that tasks can be part of its transactions:
//
//	db, err := sql.Open("sqlite", river.DataSource("tasks.db"))
//	db.SetMaxOpenConns(1)
//
// While a transaction is open, nothing else can be stored in the file: other requests
// wait for up to five seconds, and the same request would wait for itself. So store the
// tasks of the request with StoreIn, or let the runner store them after the end of the
// transaction, as it does without StoreIn. Do not call Runner.Do in between, or a service
// that adds tasks. If it happens anyway, the error says so, and nothing hangs.
//
// # PostgreSQL
//
// Connect to the server itself, or to a pooler that keeps sessions. LISTEN does not work
// through a pooler that pools transactions.
package river
