package river

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"time"

	upstream "github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver"
)

// A Config is the settings of an engine. Its zero value is what [Open] takes.
type Config struct {
	// LongestTask is how long a task without a timeout may take: then its
	// context ends. A task that was running when its process died runs again
	// after this time and up to another minute. 0: ten minutes.
	LongestTask time.Duration

	// Concurrency is how many tasks of the default queue run at once in this
	// process. 0: 100.
	Concurrency int

	// Queues are further queues, those of the tasks with a queue=, each with how
	// many of its tasks run at once in this process. 0: as many as Concurrency.
	//
	// Every process names them, also one that only stores: a call for a queue
	// that is not named is refused, where it would otherwise wait for ever.
	Queues map[string]int

	// Logger gets what River has to report, from warnings on. nil:
	// slog.Default().
	Logger *slog.Logger

	// KeepSchema leaves the tables as they are: where they are missing or older
	// than the library, Open says which command migrates them.
	KeepSchema bool

	keep time.Duration // of jobs that have succeeded; 0: a day, as River does
}

// Open opens an engine over a database, with the settings of the zero [Config].
// The address is the URL of a PostgreSQL database
// (postgres://user:password@host/name), or the path of a SQLite file, which is
// made if there is none. The tables of River are made, or migrated, in it.
func Open(address string) (*Engine, error) { return Config{}.Open(address) }

// Open is the function [Open], with these settings.
func (c Config) Open(address string) (*Engine, error) {
	c.complete()
	var e *Engine
	var err error
	switch {
	case address == "":
		err = errors.New("the address is empty: it is a postgres:// URL, or the path of a SQLite file")
	case strings.HasPrefix(address, "postgres://") || strings.HasPrefix(address, "postgresql://"):
		e, err = c.openPostgres(address)
	case strings.Contains(address, "://"):
		scheme, _, _ := strings.Cut(address, "://")
		err = fmt.Errorf("an address that begins with %s:// is of no database that River knows here: it is a postgres:// URL, or the path of a SQLite file", scheme)
	default:
		e, err = c.openSQLite(address)
	}
	if err != nil {
		return nil, fmt.Errorf("river: %w", err)
	}
	return e, nil
}

// complete puts in what was left out.
func (c *Config) complete() {
	c.LongestTask = cmp.Or(c.LongestTask, 10*time.Minute)
	c.Concurrency = cmp.Or(c.Concurrency, 100)
	queues := map[string]int{upstream.QueueDefault: c.Concurrency}
	for name, concurrency := range c.Queues {
		queues[name] = cmp.Or(concurrency, c.Concurrency)
	}
	c.Queues = queues
	if c.Logger == nil {
		c.Logger = slog.Default()
	}
	c.Logger = slog.New(warnings{c.Logger.Handler()})
}

// connecting is how long Open waits for a server.
const connecting = 10 * time.Second

// settings are River's, for a client that works.
func (c *Config) settings(poll time.Duration) *upstream.Config {
	queues := map[string]upstream.QueueConfig{}
	for name, concurrency := range c.Queues {
		queues[name] = upstream.QueueConfig{MaxWorkers: concurrency}
	}
	return &upstream.Config{
		// The default of 100 ms caps work at 1,000 jobs a second, and adds 50 ms.
		FetchCooldown:     5 * time.Millisecond,
		FetchPollInterval: poll,

		JobTimeout: c.LongestTask + longest,
		// A job is given to somebody else a little after its context has ended:
		// until then its end may be on the way.
		RescueStuckJobsAfter: c.LongestTask + longest + min(c.LongestTask/4, 30*time.Second),

		CompletedJobRetentionPeriod: c.keep,
		// Those that have failed are cancelled (see worker.Work).
		CancelledJobRetentionPeriod: 7 * 24 * time.Hour,

		Logger:              c.Logger,
		Queues:              queues,
		SkipUnknownJobCheck: true, // others may know what this process stores
		FetchOnlyKnownKinds: true, // and run it: it waits for them
	}
}

// newEngine is an engine over a database that driver talks to.
func newEngine[Tx any](c *Config, driver riverdriver.Driver[Tx], poll time.Duration) (*Engine, error) {
	inserter, err := upstream.NewClient(driver, &upstream.Config{Logger: c.Logger})
	if err != nil {
		return nil, err
	}
	e := &Engine{logger: c.Logger, longest: c.LongestTask, queues: c.Queues, hint: func(err error) error { return err }}
	e.use(clientOf[Tx]{Client: inserter})
	e.prepare = func(w *worker, names []string) (client, error) {
		settings := c.settings(poll)
		settings.Workers = upstream.NewWorkers()
		if err := w.register(settings.Workers, names); err != nil {
			return nil, err
		}
		working, err := upstream.NewClient(driver, settings)
		return clientOf[Tx]{Client: working}, err
	}
	return e, nil
}

// New is an engine that uses a River client of the caller's, and its settings.
// Work adds the tasks to workers, those of the client's Config, and starts and
// stops the client: nobody else does. A client that only stores needs neither
// Queues nor Workers, and workers may be nil.
//
// A client with Workers has to have SkipUnknownJobCheck, since tasks are added
// to them when Work begins, or not at all; and it should have
// FetchOnlyKnownKinds, so that a task waits for a process that knows it. How long a task may take, and how
// soon one runs again whose process has died, is for the client's JobTimeout
// and RescueStuckJobsAfter to say; the defaults of these are a minute and an
// hour.
func New[Tx any](c *upstream.Client[Tx], workers *upstream.Workers) *Engine {
	e := &Engine{
		logger:  slog.Default(),
		address: c.Driver().DatabaseName(),
		hint:    func(err error) error { return err },
		close:   func() error { return nil },
	}
	if e.address == "sqlite" {
		e.hint = sqliteHint
	}
	only := clientOf[Tx]{c, new(sync.RWMutex)}
	e.use(only)
	registered := false
	e.prepare = func(w *worker, names []string) (client, error) {
		if registered { // it is started again
			return only, nil
		}
		if workers == nil {
			return nil, errors.New("the engine was made without the Workers of the client, and cannot work: give them to New, or set Runner.StoreOnly")
		}
		registered = true
		return only, w.register(workers, names)
	}
	return e
}

// warnings is a log handler for what is worth a warning. River says at the level
// below when it starts and stops, and each minute that all is well.
type warnings struct{ slog.Handler }

func (h warnings) Enabled(ctx context.Context, level slog.Level) bool {
	return level >= slog.LevelWarn && h.Handler.Enabled(ctx, level)
}

// Handle leaves out the attempts that have failed, which the runner reports, and
// what [Engine.revive] puts right.
func (h warnings) Handle(ctx context.Context, r slog.Record) error {
	if strings.HasSuffix(r.Message, ": Job errored; retrying") || strings.HasSuffix(r.Message, unknownDiscarded) {
		return nil
	}
	return h.Handler.Handle(ctx, r)
}

func (h warnings) WithAttrs(attrs []slog.Attr) slog.Handler {
	return warnings{h.Handler.WithAttrs(attrs)}
}
func (h warnings) WithGroup(name string) slog.Handler { return warnings{h.Handler.WithGroup(name)} }
