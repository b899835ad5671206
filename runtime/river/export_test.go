package river

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"sync/atomic"
	"time"

	"modernc.org/sqlite"
)

// OpenKeeping is Open for an engine that keeps jobs which have succeeded for so long, and
// not for a day.
func OpenKeeping(address string, keep time.Duration) (*Engine, error) {
	return Config{keep: keep}.Open(address)
}

// OpenCounting is Open for a SQLite file whose statements are counted.
func OpenCounting(path string, asked *atomic.Int64) (*Engine, error) {
	var c Config
	c.complete()
	connector, err := sqlite.NewConnector(DataSource(path))
	if err != nil {
		return nil, err
	}
	db := sql.OpenDB(counter{connector, asked})
	db.SetMaxOpenConns(1)
	return c.overSQLite(db, path)
}

type counter struct {
	driver.Connector
	asked *atomic.Int64
}

func (c counter) Connect(ctx context.Context) (driver.Conn, error) {
	conn, err := c.Connector.Connect(ctx)
	if err != nil {
		return nil, err
	}
	return &countedConn{conn.(sqliteConn), c.asked}, nil
}

// A sqliteConn is what database/sql uses of a connection.
type sqliteConn interface {
	driver.Conn
	driver.ConnBeginTx
	driver.ConnPrepareContext
	driver.ExecerContext
	driver.QueryerContext
	driver.SessionResetter
	driver.Validator
}

type countedConn struct {
	sqliteConn
	asked *atomic.Int64
}

func (c *countedConn) BeginTx(ctx context.Context, opts driver.TxOptions) (driver.Tx, error) {
	c.asked.Add(2) // and its end
	return c.sqliteConn.BeginTx(ctx, opts)
}

func (c *countedConn) ExecContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Result, error) {
	c.asked.Add(1)
	return c.sqliteConn.ExecContext(ctx, query, args)
}

func (c *countedConn) QueryContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Rows, error) {
	c.asked.Add(1)
	return c.sqliteConn.QueryContext(ctx, query, args)
}
