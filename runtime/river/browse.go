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

// A shelf is where the jobs of a stage are, in the order of an index of River's: a
// page is read from it without looking at the others.
type shelf struct {
	states  []rivertype.JobState
	columns []column // that the jobs are in the order of
	newest  bool     // the other way round
}

// A column is one, and what its value is cast from and to: text is in a cursor.
type column struct{ name, postgres, sqlite string }

var (
	byID    = column{"id", "bigint", "INTEGER"}
	inTime  = []column{{"attempted_at", "timestamptz", "TEXT"}, byID}
	inTurn  = []column{{"queue", "text", "TEXT"}, {"priority", "smallint", "INTEGER"}, {"scheduled_at", "timestamptz", "TEXT"}, byID}
	byEnd   = []column{{"finalized_at", "timestamptz", "TEXT"}, byID}
	shelves = map[engine.Stage]shelf{
		engine.StageRunning:  {[]rivertype.JobState{rivertype.JobStateRunning}, inTime, false},
		engine.StageWaiting:  {[]rivertype.JobState{rivertype.JobStateAvailable}, inTurn, false},
		engine.StageDelayed:  {[]rivertype.JobState{rivertype.JobStateScheduled, rivertype.JobStatePending}, inTurn, false},
		engine.StageRetrying: {[]rivertype.JobState{rivertype.JobStateRetryable}, inTurn, false},
		engine.StageFailed:   {[]rivertype.JobState{rivertype.JobStateCancelled, rivertype.JobStateDiscarded}, byEnd, true},
		engine.StageDone:     {[]rivertype.JobState{rivertype.JobStateCompleted}, byEnd, true},
	}
)

// How many jobs a page looks through, where it does not want all of them.
const (
	searched      = 500  // to leave out those that were cancelled
	searchedTexts = 1000 // for a name or a text
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

// columns is the columns that a query looks at: the larger ones only where it has to.
func (q *query) columns(f engine.Filter) string {
	columns := "id, state, kind, queue, priority, scheduled_at, attempted_at, finalized_at"
	if f.Stage == engine.StageFailed || f.Text != "" {
		columns += ", metadata"
	}
	if f.Text != "" {
		columns += ", errors"
	}
	return columns
}

// A query is the SQL that finds a page.
type query struct {
	text     strings.Builder
	args     []any
	window   int // how many jobs it looks through
	postgres bool
}

// newQuery returns the query of a filter: the keys of its jobs, how many there are,
// the key of the last job that was looked at, and how many were. It is false where
// nothing can be meant.
func newQuery(c client, f engine.Filter, most int) (*query, bool) {
	s, ok := shelves[f.Stage]
	q := &query{window: most + 1, postgres: c.listens()}
	if f.Name != "" || f.Queue != "" || f.Text != "" {
		q.window = searchedTexts
	} else if f.Stage == engine.StageFailed {
		q.window = searched
	}
	direction, after := "", ">"
	if s.newest {
		direction, after = " DESC", "<"
	}
	var names, keys, from []string
	for _, col := range s.columns {
		names = append(names, col.name+direction)
		keys = append(keys, "CAST("+col.name+" AS TEXT)")
	}
	key := strings.Join(keys, " || '~' || ")
	order := " ORDER BY " + strings.Join(names, ", ")
	beyond := ""
	if f.After != "" {
		var ok bool
		if beyond, ok = q.beyond(s.columns, f.After, after); !ok {
			return nil, false
		}
	}
	for _, state := range s.states {
		where := "state = '" + string(state) + "'"
		if s.newest {
			where += " AND finalized_at IS NOT NULL"
		}
		from = append(from, fmt.Sprintf("SELECT * FROM (SELECT "+q.columns(f)+" FROM %s WHERE %s%s%s LIMIT %d) AS %s", c.table(), where, beyond, order, q.window, state))
	}
	join := "string_agg(k, ';' ORDER BY n)"
	if !q.postgres {
		join = "group_concat(k, ';' ORDER BY n)"
	}
	fmt.Fprintf(&q.text, "WITH looked AS (SELECT *, %s AS k, row_number() OVER (%s) AS n FROM (%s) AS jobs%s LIMIT %d), "+
		"found AS (SELECT k, n FROM looked WHERE %s ORDER BY n LIMIT %d) "+
		"SELECT coalesce((SELECT %s FROM found), ''), (SELECT count(*) FROM found), "+
		"coalesce((SELECT k FROM looked ORDER BY n DESC LIMIT 1), ''), (SELECT count(*) FROM looked)",
		key, strings.TrimSpace(order), strings.Join(from, " UNION ALL "), order, q.window, q.where(f), most+1, join)
	return q, ok
}

// beyond is the condition that a job comes after the one of a cursor.
func (q *query) beyond(columns []column, cursor, after string) (string, bool) {
	values := strings.Split(cursor, "~")
	if len(values) != len(columns) {
		return "", false
	}
	var names, casts []string
	for i, col := range columns {
		names = append(names, col.name)
		if q.postgres {
			casts = append(casts, fmt.Sprintf("CAST(CAST(%s AS text) AS %s)", q.arg(values[i]), col.postgres))
		} else {
			casts = append(casts, fmt.Sprintf("CAST(%s AS %s)", q.arg(values[i]), col.sqlite))
		}
	}
	return fmt.Sprintf(" AND (%s) %s (%s)", strings.Join(names, ", "), after, strings.Join(casts, ", ")), true
}

// where is the condition of a filter.
func (q *query) where(f engine.Filter) string {
	all := []string{"true"}
	if f.Stage == engine.StageFailed {
		all = append(all, "(state <> 'cancelled' OR "+notCancelled+")")
	}
	if f.Name != "" {
		all = append(all, "kind = "+q.arg(kindOf(f.Name)))
	}
	if f.Queue != "" {
		all = append(all, "queue = "+q.arg(f.Queue))
	}
	if f.Text != "" {
		text := q.arg(strings.ToLower(f.Text))
		quoted := strings.Trim(quote(strings.ToLower(f.Text)), `"`)
		in, failures := "instr(%s, %s) > 0", "lower(coalesce(json(errors), ''))"
		if q.postgres { // which undoes the escapes that are not needed
			quoted = strings.NewReplacer(`\u003c`, "<", `\u003e`, ">", `\u0026`, "&").Replace(quoted)
			in, failures = "strpos(%s, CAST(%s AS text)) > 0", "lower(coalesce(array_to_string(errors, ' '), ''))"
		}
		all = append(all, fmt.Sprintf("("+in+" OR "+in+")", "lower(coalesce(metadata ->> 'bggen_id', ''))", text, failures, q.arg(quoted)))
	}
	return strings.Join(all, " AND ")
}

func (q *query) arg(value string) string {
	q.args = append(q.args, value)
	if q.postgres {
		return fmt.Sprintf("$%d", len(q.args))
	}
	return fmt.Sprintf("?%d", len(q.args))
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

// Act does something to the job of a key.
func (e *Engine) Act(ctx context.Context, do engine.Action, key string) (bool, error) {
	job, err := e.look(ctx, key)
	if err != nil || job == nil {
		return false, err
	}
	_, can := stageOf(job)
	for _, a := range can {
		if a != do {
			continue
		}
		switch do {
		case engine.ActionRetry, engine.ActionRun:
			return e.again(ctx, job)
		case engine.ActionCancel:
			return e.cancel(ctx, job)
		case engine.ActionDelete:
			_, err := (*e.client.Load()).JobDelete(ctx, job.ID)
			if errors.Is(err, rivertype.ErrNotFound) || errors.Is(err, rivertype.ErrJobRunning) {
				return false, nil
			}
			return err == nil, err
		}
	}
	return false, nil
}

// argsOf is the arguments of a job, where they are JSON.
func argsOf(job *rivertype.JobRow) json.RawMessage {
	var args jobArgs
	if args.UnmarshalJSON(job.EncodedArgs) == nil && json.Valid(args.text) {
		return args.text
	}
	return nil
}
