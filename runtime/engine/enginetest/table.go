package enginetest

import (
	"fmt"
	"io"
	"sync"
	"text/tabwriter"
	"time"
)

// A row says what has become of tasks that were accepted while something was broken
// again and again.
type row struct {
	test     string
	broken   int // how often
	accepted int // requests that were answered with 2xx
	refused  int // with another status
	silent   int // not at all
	lost     int
	again    int           // runs beyond the first
	last     time.Duration // from the end of it until the last task had run
}

// table is the rows of this process.
var table struct {
	sync.Mutex
	rows []row
}

func (r row) add() {
	table.Lock()
	defer table.Unlock()
	table.rows = append(table.rows, r)
}

// printTable prints the rows, if there are any.
func printTable(w io.Writer) {
	table.Lock()
	defer table.Unlock()
	if len(table.rows) == 0 {
		return
	}
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(t, "broken\taccepted\trefused\tno answer\tlost\tran again\tlast after\t  test")
	for _, r := range table.rows {
		fmt.Fprintf(t, "%d\t%d\t%d\t%d\t%d\t%d\t%v\t  %s\n", r.broken, r.accepted, r.refused, r.silent, r.lost, r.again, r.last.Round(100*time.Millisecond), r.test)
	}
	t.Flush()
}
