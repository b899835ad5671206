package enginetest

import (
	"context"
	"os"
	"strconv"
	"testing"
	"time"

	"github.com/bggen/bggen/runtime/engine"
)

// Options say how an engine is tested. Without Open it is the runner alone, and
// what only engines promise is left out.
type Options struct {
	// Open opens the engine over the storage at an address, as a process does when
	// it starts, and returns the function that closes it. It is also called in
	// processes that the suite starts, so it must depend on nothing else.
	Open func(address string) (e engine.Engine, closeEngine func() error, err error)

	// Storage makes an empty storage, ready to be opened, and returns its
	// address. It removes the storage with t.Cleanup.
	Storage func(t testing.TB) (address string)

	// Begin begins a transaction in which the engine can store calls. It is nil if
	// the engine is no TxEnqueuer.
	Begin func(t testing.TB, e engine.Engine, address string) Tx

	// Server starts a server that the tests may kill. It is nil if the engine has
	// none, or if it must not be killed.
	Server func(t testing.TB) Server

	// Full makes a storage that can be filled, so that nothing can be stored until
	// it is freed. It is for the tests of faults. nil: they leave it out.
	Full func(t testing.TB) (address string, fill, free func(testing.TB))

	// Load is for the test of a long load. nil: it is left out.
	Load *Load

	// Idle and Asked are for [Bench]: Idle opens the engine with its default settings, and
	// Asked returns a function that says how many statements or commands the storage has
	// been given so far. They are nil where Open does, and where nobody counts.
	Idle  func(address string) (e engine.Engine, closeEngine func() error, err error)
	Asked func(t testing.TB, address string) func() int64

	// Queue is a queue beside the default one, from which the engines that Open
	// returns take tasks, four at once. It is "" if there is none.
	Queue string

	// Unlike has, by the names of tests, the reasons why this engine does not pass
	// them. Such a test is skipped, and the documentation of the engine says why.
	// "attempts after a crash" is no test: all that kill look at it.
	Unlike map[string]string

	// Latency is how much later than asked for a task may start. 0 means 10 seconds.
	Latency time.Duration

	// Recovery is how long after a crash the tasks that were running may wait. 0
	// means two minutes.
	Recovery time.Duration
}

// A Tx is a transaction of the storage's.
type Tx struct {
	Tx       any // for StoreIn
	Commit   func() error
	Rollback func() error
}

// A Server is one that the suite may kill. Start returns when it answers again,
// with what it had stored.
type Server struct {
	Address string
	Kill    func(testing.TB) // as kill -9 does
	Start   func(testing.TB)
}

// Run runs the suite.
func Run(t *testing.T, o Options) {
	if o.Latency == 0 {
		o.Latency = 10 * time.Second
	}
	if o.Recovery == 0 {
		o.Recovery = 2 * time.Minute
	}
	for _, c := range suite {
		t.Run(c.name, func(t *testing.T) {
			if why := o.Unlike[c.name]; why != "" {
				t.Skip(why)
			}
			if c.engine && o.Open == nil {
				t.Skip("the runner alone does not promise it")
			}
			c.test(t, &o)
		})
	}
}

// A suiteCase is a test of the suite.
type suiteCase struct {
	name   string
	engine bool // only engines promise it
	test   func(*testing.T, *Options)
}

// suite is the tests, those that kill last.
var suite = []suiteCase{
	{"runs", false, testRuns},
	{"several of a request", false, testSeveral},
	{"arguments", false, testArguments},
	{"odd arguments", true, testOddArguments},
	{"calls", true, testCalls},
	{"trace", true, testTrace},
	{"queue", true, testQueue},
	{"unique", true, testUnique},
	{"unique in one request", true, testUniqueTogether},
	{"once", true, testOnce},
	{"periodic task of two versions", true, testRenamed},
	{"delay", false, testDelay},
	{"status and cancel", false, testStatus},
	{"list and retry", true, testList},
	{"browse", true, testBrowse},

	{"attempts", false, testAttempts},
	{"one attempt", false, testOneAttempt},
	{"backoff", false, testBackoff},
	{"retry after", false, testRetryAfter},
	{"permanent", false, testPermanent},
	{"panic", false, testPanic},
	{"timeout", false, testTimeout},
	{"limit", false, testLimit},
	{"limit leaves slots", true, testLimitLeavesSlots},
	{"limit leaves few slots", true, testLimitLeavesFewSlots},
	{"unknown name", true, testUnknown},
	{"arguments of another version", true, testMisfits},

	{"graceful stop", false, testGracefulStop},
	{"stop that runs out of time", true, testHardStop},

	{"engine closed", true, testClosed},
	{"rollback", true, testRollback},
	{"commit", true, testCommit},
	{"failing store", true, testFailingStore},
	{"other transactions", true, testOtherTx},

	{"load", true, testLoad},
	{"server down", true, testServerDown},
	{"kill the only one that knows", true, testKillOnlyOne},
	{"kill the web process", true, testKillWeb},
	{"kill the clocks", true, testKillClocks},
	{"kill the clocks that work", true, testKillWorkingClocks},
	{"kill the worker", true, testKillWorker},
	{"kill the server", true, testKillServer},
}

// kills is how often a crash test kills.
func kills() int {
	if n, err := strconv.Atoi(os.Getenv("BGGEN_KILLS")); err == nil && n > 0 {
		return n
	}
	if testing.Short() {
		return 3
	}
	return 20
}

// patience is how long a test waits for what has no reason to take longer, on a machine
// that has much else to do.
const patience = time.Minute

// within is a context for what has no reason to take longer.
func within(t testing.TB) context.Context {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	t.Cleanup(cancel)
	return ctx
}
