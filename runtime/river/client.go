package river

import (
	"context"
	"strings"
	"sync"

	"github.com/bggen/bggen/runtime/engine"
	upstream "github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver"
	"github.com/riverqueue/river/rivertype"
)

// A client is a River client, whatever its transactions are.
type client interface {
	insert(ctx context.Context, jobs []upstream.InsertManyParams) error

	// insertTx reports whether tx is of the kind that the client takes.
	insertTx(ctx context.Context, tx any, jobs []upstream.InsertManyParams) (bool, error)

	// find is the job of a call, nil if there is none.
	find(ctx context.Context, id string) (*rivertype.JobRow, error)

	// count is how many jobs of each state there are.
	count(ctx context.Context) (map[engine.State]int, error)

	// listens reports whether clients in other processes hear of a cancelled
	// job that they run.
	listens() bool

	// row asks for one row, and table is the name of the table of jobs.
	row(ctx context.Context, query string, args ...any) riverdriver.Row
	table() string

	JobCancel(ctx context.Context, id int64) (*rivertype.JobRow, error)
	JobDelete(ctx context.Context, id int64) (*rivertype.JobRow, error)
	JobGet(ctx context.Context, id int64) (*rivertype.JobRow, error)
	JobList(ctx context.Context, params *upstream.JobListParams) (*upstream.JobListResult, error)
	JobRetry(ctx context.Context, id int64) (*rivertype.JobRow, error)
	QueueList(ctx context.Context, params *upstream.QueueListParams) (*upstream.QueueListResult, error)
	QueuePause(ctx context.Context, name string, opts *upstream.QueuePauseOpts) error
	QueueResume(ctx context.Context, name string, opts *upstream.QueuePauseOpts) error
	Start(ctx context.Context) error
	Stop(ctx context.Context) error
	StopAndCancel(ctx context.Context) error
}

// clientOf is the client of transactions of type Tx.
type clientOf[Tx any] struct {
	*upstream.Client[Tx]

	// starting is for a client that may insert while it is started: in River
	// 0.31 that is a data race with SQLite. nil: it does not.
	starting *sync.RWMutex
}

func (c clientOf[Tx]) Start(ctx context.Context) error {
	if c.starting != nil {
		c.starting.Lock()
		defer c.starting.Unlock()
	}
	return c.Client.Start(ctx)
}

func (c clientOf[Tx]) insert(ctx context.Context, jobs []upstream.InsertManyParams) error {
	if c.starting != nil {
		c.starting.RLock()
		defer c.starting.RUnlock()
	}
	_, err := c.InsertMany(ctx, jobs)
	return err
}

func (c clientOf[Tx]) insertTx(ctx context.Context, tx any, jobs []upstream.InsertManyParams) (bool, error) {
	t, ok := tx.(Tx)
	if !ok {
		return false, nil
	}
	_, err := c.InsertManyTx(ctx, t, jobs)
	return true, err
}

func (c clientOf[Tx]) find(ctx context.Context, id string) (*rivertype.JobRow, error) {
	if strings.ContainsRune(id, 0) { // which PostgreSQL does not take
		return nil, nil
	}
	query := upstream.NewJobListParams().First(1)
	if c.listens() { // PostgreSQL has an index for it
		query = query.Metadata(`{"bggen_id":` + quote(id) + `}`)
	} else {
		query = query.Where("metadata ->> 'bggen_id' = @bggen_id", upstream.NamedArgs{"bggen_id": id})
	}
	found, err := c.JobList(ctx, query)
	if err != nil || len(found.Jobs) == 0 {
		return nil, err
	}
	return found.Jobs[0], nil
}

func (c clientOf[Tx]) count(ctx context.Context) (map[engine.State]int, error) {
	var queued, running, failed int
	err := c.row(ctx, `SELECT
		count(*) FILTER (WHERE state IN ('available', 'pending', 'retryable', 'scheduled')),
		count(*) FILTER (WHERE state = 'running'),
		count(*) FILTER (WHERE state = 'discarded' OR state = 'cancelled' AND `+notCancelled+`)
		FROM `+c.table()+` WHERE state IN ('available', 'pending', 'retryable', 'scheduled', 'running', 'discarded', 'cancelled')`,
	).Scan(&queued, &running, &failed)
	return map[engine.State]int{engine.Queued: queued, engine.Running: running, engine.Failed: failed}, err
}

func (c clientOf[Tx]) row(ctx context.Context, query string, args ...any) riverdriver.Row {
	return c.Driver().GetExecutor().QueryRow(ctx, query, args...)
}

func (c clientOf[Tx]) table() string {
	if schema := c.Schema(); schema != "" {
		return schema + ".river_job"
	}
	return "river_job"
}

func (c clientOf[Tx]) listens() bool { return c.Driver().DatabaseName() != "sqlite" }
