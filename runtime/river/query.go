package river

import (
	"fmt"
	"strings"

	"github.com/bggen/bggen/runtime/engine"
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
