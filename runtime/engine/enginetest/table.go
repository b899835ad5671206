package enginetest

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"text/tabwriter"
	"time"
)

// tables are what the tests of this process have measured: the rows, by the heads of
// their columns.
var tables struct {
	sync.Mutex
	heads []string
	rows  map[string][]string
}

// addRow adds a row. Columns are separated by tabs.
func addRow(head, row string) {
	tables.Lock()
	defer tables.Unlock()
	if tables.rows[head] == nil {
		tables.heads = append(tables.heads, head)
	}
	if tables.rows == nil {
		tables.rows = map[string][]string{}
	}
	tables.rows[head] = append(tables.rows[head], row)
}

// printTables prints the rows, if there are any.
func printTables(w io.Writer) {
	tables.Lock()
	defer tables.Unlock()
	for _, head := range tables.heads {
		t := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
		for _, row := range slices.Concat([]string{head}, tables.rows[head]) {
			left := strings.LastIndex(row, "\t") + 1 // the name is the one column that is aligned there
			fmt.Fprintf(t, "%s  %s\n", row[:left], row[left:])
		}
		t.Flush()
	}
}

// A toll says what has become of tasks that were accepted while something was broken
// again and again.
type toll struct {
	test     string
	broken   int // how often
	accepted int // requests that were answered with 2xx
	refused  int // with another status
	silent   int // not at all
	lost     int
	again    int           // runs beyond the first
	last     time.Duration // from the end of it until the last task had run
}

func (r toll) add() {
	addRow("broken\taccepted\trefused\tno answer\tlost\tran again\tlast after\ttest",
		fmt.Sprintf("%d\t%d\t%d\t%d\t%d\t%d\t%v\t%s", r.broken, r.accepted, r.refused, r.silent, r.lost, r.again, r.last.Round(100*time.Millisecond), r.test))
}
