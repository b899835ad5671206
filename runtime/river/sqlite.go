package river

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"

	upstream "github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riversqlite"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// pollSQLite is how often a worker looks for jobs, in any queue, that another
// process has stored, or a transaction of the caller's: nothing tells it.
const pollSQLite = 200 * time.Millisecond

func (c *Config) openSQLite(path string) (*Engine, error) {
	db, err := sql.Open("sqlite", DataSource(path))
	if err != nil {
		return nil, err
	}
	// There is one writer anyway, and several connections meet as errors what
	// one has as a queue.
	db.SetMaxOpenConns(1)
	db.SetConnMaxIdleTime(0)
	e, err := c.overSQLite(db, path)
	if err != nil {
		db.Close()
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return e, nil
}

func (c *Config) overSQLite(db *sql.DB, path string) (*Engine, error) {
	ctx, cancel := context.WithTimeout(context.Background(), connecting)
	defer cancel()
	// A file that others open for the first time, too, is busy while it comes to
	// have a write-ahead log: for that SQLite does not wait.
	err := db.PingContext(ctx)
	for ; isBusy(err) && ctx.Err() == nil; err = db.PingContext(ctx) {
		time.Sleep(20 * time.Millisecond)
	}
	if err != nil {
		return nil, err
	}
	driver := riversqlite.New(db)
	if err := migrate(ctx, driver, c, "sqlite://"+path); err != nil {
		return nil, err
	}
	e, err := newEngine(c, driver, pollSQLite*time.Duration(len(c.Queues)))
	if err != nil {
		return nil, err
	}
	e.address, e.hint = path, sqliteHint
	return e, e.readSQLite(c, db, path)
}

// readSQLite has what only looks at jobs use connections of its own: in a file with a
// write-ahead log a reader keeps no writer waiting, and waits for none.
func (e *Engine) readSQLite(c *Config, db *sql.DB, path string) error {
	source := DataSource(path) + "&" + url.Values{"_pragma": {"query_only(1)"}}.Encode()
	reading, err := sql.Open("sqlite", source)
	if err != nil {
		return err
	}
	reading.SetMaxOpenConns(2)
	reading.SetConnMaxIdleTime(time.Minute)
	reader, err := upstream.NewClient(riversqlite.New(reading), &upstream.Config{Logger: c.Logger})
	if err != nil {
		return errors.Join(err, reading.Close())
	}
	e.reader = clientOf[*sql.Tx]{Client: reader}
	e.close = func() error { return errors.Join(reading.Close(), db.Close()) }
	return nil
}

// DataSource is the name, for the driver of modernc.org/sqlite, of a data source:
// a file with the settings that make it durable and have writers wait for each
// other. It is for the handle that a program has of its own on the file of an
// engine.
func DataSource(path string) string {
	settings := url.Values{
		"_pragma": {"busy_timeout(5000)", "journal_mode(WAL)", "synchronous(FULL)", "foreign_keys(1)"},
		"_txlock": {"immediate"},
	}.Encode()
	path = strings.TrimPrefix(path, "file:")
	if before, given, ok := strings.Cut(path, "?"); ok {
		return "file:" + before + "?" + given + "&" + settings
	}
	return "file:" + strings.ReplaceAll(path, "%", "%25") + "?" + settings
}

// isBusy reports whether somebody else had the file.
func isBusy(err error) bool {
	failure, ok := errors.AsType[*sqlite.Error](err)
	return ok && failure.Code()&0xff == sqlite3.SQLITE_BUSY
}

// sqliteHint says why nothing could be stored, where that is the caller's own
// transaction.
func sqliteHint(err error) error {
	if isBusy(err) || errors.Is(err, errStoring) {
		return fmt.Errorf("SQLite has one writer, and a transaction that is still open holds it: "+
			"have its tasks stored in it, with BackgroundTasks.StoreIn, or after it: %w", err)
	}
	return err
}
