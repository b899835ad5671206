package river

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/bggen/bggen/runtime/engine"
	upstream "github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"
)

// Browse returns jobs of the database, those of others too. A name, a queue or a text
// is looked for among the next 1,000 of a stage.
func (e *Engine) Browse(ctx context.Context, f engine.Filter) (engine.Page, error) {
	c := e.reads()
	most := min(max(f.Most, 1), 1000)
	q, ok := newQuery(c, f, most)
	if !ok {
		return engine.Page{}, nil
	}
	var ids, last string
	var found, looked int
	if err := c.row(ctx, q.text.String(), q.args...).Scan(&ids, &found, &last, &looked); err != nil {
		return engine.Page{}, err
	}
	var p engine.Page
	keys := strings.FieldsFunc(ids, func(r rune) bool { return r == ';' })
	if found > most { // one more than is wanted says that there are more
		keys = keys[:most]
		last = keys[most-1]
	}
	order := make([]int64, len(keys))
	for i, key := range keys {
		id, err := strconv.ParseInt(key[strings.LastIndexByte(key, '~')+1:], 10, 64)
		if err != nil {
			return p, fmt.Errorf("the key %q of a job cannot be read: %w", key, err)
		}
		order[i] = id
	}
	if p.Searched = looked; found > most || looked >= q.window {
		p.Next = last
	}
	var err error
	p.Items, err = itemsOf(ctx, c, order)
	return p, err
}

// itemsOf is the jobs with these ids, in their order.
func itemsOf(ctx context.Context, c client, order []int64) (items []engine.Item, err error) {
	if len(order) == 0 {
		return nil, nil
	}
	list, err := c.JobList(ctx, upstream.NewJobListParams().IDs(order...).First(len(order)))
	if err != nil {
		return nil, err
	}
	jobs := map[int64]*rivertype.JobRow{}
	for _, job := range list.Jobs {
		jobs[job.ID] = job
	}
	for _, id := range order {
		if job := jobs[id]; job != nil { // or it was removed in between
			items = append(items, itemOf(job))
		}
	}
	return items, nil
}

// counted is up to which number jobs are counted.
const counted = 10_000

// Counts counts the jobs of each stage, up to 10,000.
func (e *Engine) Counts(ctx context.Context) (map[engine.Stage]engine.Count, error) {
	c := e.reads()
	n := map[rivertype.JobState]*int{}
	var columns []string
	var to []any
	for _, s := range engine.Stages {
		for _, state := range shelves[s].states {
			and := ""
			if shelves[s].newest {
				and = " AND finalized_at IS NOT NULL"
			}
			columns = append(columns, fmt.Sprintf("(SELECT count(*) FROM (SELECT 1 FROM %s WHERE state = '%s'%s LIMIT %d) AS %s)", c.table(), state, and, counted+1, state))
			n[state] = new(int)
			to = append(to, n[state])
		}
	}
	var cancelled int // by somebody: these have not failed
	columns = append(columns, fmt.Sprintf("(SELECT count(*) FROM (SELECT metadata FROM %s WHERE state = 'cancelled' AND finalized_at IS NOT NULL LIMIT %d) AS c WHERE NOT (%s))", c.table(), counted+1, notCancelled))
	to = append(to, &cancelled)
	if err := c.row(ctx, "SELECT "+strings.Join(columns, ", ")).Scan(to...); err != nil {
		return nil, err
	}
	counts := map[engine.Stage]engine.Count{}
	for _, s := range engine.Stages {
		var count engine.Count
		for _, state := range shelves[s].states {
			count.N += min(*n[state], counted)
			count.More = count.More || *n[state] > counted
		}
		if s == engine.StageFailed {
			count.N = max(count.N-cancelled, 0)
		}
		counts[s] = count
	}
	return counts, nil
}

// Look returns the job with that number, or the one of a call with that id.
func (e *Engine) Look(ctx context.Context, key string) (engine.Item, bool, error) {
	job, err := e.look(ctx, key)
	if err != nil || job == nil {
		return engine.Item{}, false, err
	}
	return itemOf(job), true, nil
}

func (e *Engine) look(ctx context.Context, key string) (*rivertype.JobRow, error) {
	c := e.reads()
	id, err := strconv.ParseInt(key, 10, 64)
	if err != nil {
		return c.find(ctx, key)
	}
	job, err := c.JobGet(ctx, id)
	if errors.Is(err, rivertype.ErrNotFound) {
		return nil, nil
	}
	return job, err
}

// itemOf is all that a job says.
func itemOf(job *rivertype.JobRow) engine.Item {
	t := engine.Item{
		Task: listed(job), Key: strconv.FormatInt(job.ID, 10), Queue: job.Queue, Added: job.CreatedAt, Attempts: job.MaxAttempts,
	}
	if c, err := callOf(job, nil); err == nil {
		t.Attempts, t.Meta = c.Attempts, c.Meta
	}
	if job.AttemptedAt != nil {
		t.Started = *job.AttemptedAt
	}
	if job.FinalizedAt != nil {
		t.Ended = *job.FinalizedAt
	} else if job.State != rivertype.JobStateRunning {
		t.Due = job.ScheduledAt
	}
	if n := len(job.AttemptedBy); n > 0 {
		t.Process = job.AttemptedBy[n-1]
	}
	for _, failed := range job.Errors {
		t.Failures = append(t.Failures, engine.Attempt{
			At: failed.At, Number: failed.Attempt, Stack: failed.Trace, Error: strings.TrimPrefix(failed.Error, "JobCancelError: "),
		})
	}
	t.Stage, t.Can = stageOf(job)
	return t
}

// stageOf is the stage of a job, and what can be done to it.
func stageOf(job *rivertype.JobRow) (engine.Stage, []engine.Action) {
	switch job.State {
	case rivertype.JobStateRunning:
		return engine.StageRunning, []engine.Action{engine.ActionCancel}
	case rivertype.JobStateAvailable:
		return engine.StageWaiting, []engine.Action{engine.ActionCancel, engine.ActionDelete}
	case rivertype.JobStateRetryable:
		return engine.StageRetrying, []engine.Action{engine.ActionRun, engine.ActionCancel, engine.ActionDelete}
	case rivertype.JobStateCompleted:
		return engine.StageDone, []engine.Action{engine.ActionDelete}
	case rivertype.JobStateCancelled, rivertype.JobStateDiscarded:
		if stateOf(job) == engine.Cancelled {
			return "", []engine.Action{engine.ActionRetry, engine.ActionDelete}
		}
		return engine.StageFailed, []engine.Action{engine.ActionRetry, engine.ActionDelete}
	}
	return engine.StageDelayed, []engine.Action{engine.ActionRun, engine.ActionCancel, engine.ActionDelete}
}

// argsOf is the arguments of a job, where they are JSON.
func argsOf(job *rivertype.JobRow) json.RawMessage {
	var args jobArgs
	if args.UnmarshalJSON(job.EncodedArgs) == nil && json.Valid(args.text) {
		return args.text
	}
	return nil
}
