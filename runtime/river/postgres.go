package river

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	upstream "github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverdatabasesql"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
)

// pollPostgres is how often a worker looks for jobs without having been told.
const pollPostgres = time.Second

func (c *Config) openPostgres(address string) (*Engine, error) {
	config, err := pgxpool.ParseConfig(address)
	if err != nil {
		return nil, errors.New("the URL of the PostgreSQL database cannot be read") // the error may have the password
	}
	where := fmt.Sprintf("PostgreSQL at %s, database %s",
		net.JoinHostPort(config.ConnConfig.Host, strconv.Itoa(int(config.ConnConfig.Port))), config.ConnConfig.Database)
	ctx, cancel := context.WithTimeout(context.Background(), connecting)
	defer cancel()
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", where, err)
	}
	e, err := c.overPostgres(ctx, pool, where)
	if err != nil {
		pool.Close()
		return nil, fmt.Errorf("%s: %w", where, err)
	}
	return e, nil
}

func (c *Config) overPostgres(ctx context.Context, pool *pgxpool.Pool, where string) (*Engine, error) {
	if err := pool.Ping(ctx); err != nil {
		return nil, err
	}
	driver := riverpgxv5.New(pool)
	if err := migrate(ctx, driver, c, "$DATABASE_URL"); err != nil {
		return nil, err
	}
	e, err := newEngine(c, driver, pollPostgres)
	if err != nil {
		return nil, err
	}
	other, err := upstream.NewClient(riverdatabasesql.New(nil), &upstream.Config{Logger: c.Logger})
	if err != nil {
		return nil, err
	}
	e.own = append(e.own, clientOf[*sql.Tx]{Client: other}.insertTx)
	e.address = where
	e.close = func() error {
		pool.Close()
		return nil
	}
	return e, nil
}
