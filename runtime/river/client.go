package river

import (
	"context"

	upstream "github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"
)

// A client is a River client, whatever its transactions are.
type client interface {
	insert(ctx context.Context, jobs []upstream.InsertManyParams) error

	// insertTx reports whether tx is of the kind that the client takes.
	insertTx(ctx context.Context, tx any, jobs []upstream.InsertManyParams) (bool, error)

	// find is the job of a call, nil if there is none.
	find(ctx context.Context, id string) (*rivertype.JobRow, error)

	// listens reports whether clients in other processes hear of a cancelled
	// job that they run.
	listens() bool

	JobCancel(ctx context.Context, id int64) (*rivertype.JobRow, error)
	Start(ctx context.Context) error
	Stop(ctx context.Context) error
	StopAndCancel(ctx context.Context) error
}

// clientOf is the client of transactions of type Tx.
type clientOf[Tx any] struct{ *upstream.Client[Tx] }

func (c clientOf[Tx]) insert(ctx context.Context, jobs []upstream.InsertManyParams) error {
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
	query := upstream.NewJobListParams().First(1)
	if c.listens() { // PostgreSQL has an index for it
		query = query.Metadata(`{"bggen_id":` + quote(id) + `}`)
	} else { // who asks, mostly asks for a task of late
		query = query.Where("metadata ->> 'bggen_id' = @bggen_id", upstream.NamedArgs{"bggen_id": id}).
			OrderBy(upstream.JobListOrderByID, upstream.SortOrderDesc)
	}
	found, err := c.JobList(ctx, query)
	if err != nil || len(found.Jobs) == 0 {
		return nil, err
	}
	return found.Jobs[0], nil
}

func (c clientOf[Tx]) listens() bool { return c.Driver().DatabaseName() != "sqlite" }
