package river

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/riverqueue/river/riverdriver/riversqlite"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// pollSQLite is how often a worker looks for jobs that another process has
// stored, or a transaction of the caller's: nothing tells it.
const pollSQLite = 100 * time.Millisecond

func (c *Config) openSQLite(path string) (*Engine, error) {
	db, err := sql.Open("sqlite", sqliteName(path))
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
	if err := db.PingContext(ctx); err != nil {
		return nil, err
	}
	driver := riversqlite.New(db)
	if err := migrate(ctx, driver, c, "sqlite://"+path); err != nil {
		return nil, err
	}
	// For Status and Cancel. PostgreSQL has one of River's.
	if _, err := db.ExecContext(ctx, "CREATE INDEX IF NOT EXISTS bggen_call_id ON river_job ("+callID+")"); err != nil {
		return nil, err
	}
	e, err := newEngine(c, driver, pollSQLite)
	if err != nil {
		return nil, err
	}
	e.address, e.close, e.hint = path, db.Close, sqliteHint
	return e, nil
}

// sqliteName is the name of a data source: a file with the settings that make
// it durable, and have writers wait for each other.
func sqliteName(path string) string {
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

// sqliteHint says why nothing could be stored, where that is the caller's own
// transaction.
func sqliteHint(err error) error {
	failure, ok := errors.AsType[*sqlite.Error](err)
	busy := ok && failure.Code()&0xff == sqlite3.SQLITE_BUSY
	if busy || errors.Is(err, errStoring) {
		return fmt.Errorf("SQLite has one writer, and a transaction that is still open holds it: "+
			"have its tasks stored in it, with BackgroundTasks.StoreIn, or after it: %w", err)
	}
	return err
}
