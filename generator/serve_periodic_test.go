package generator_test

import (
	"maps"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/bggen/bggen/runtime/bgtest"
	"github.com/bggen/bggen/runtime/engine"
	"github.com/bggen/bggen/testdata/ok/periodic"
)

// keeper is a store that is told which calls it is to keep once.
type keeper struct{ store }

func (*keeper) Remembers() time.Duration { return 24 * time.Hour }

// A weekend passes, and a Monday.
func TestPeriodic(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		kept := new(keeper)
		runner := newRunner()
		runner.Engines = map[string]engine.Engine{"keeper": kept}
		ledger := &periodic.Ledger{Lines: make(chan string, 10000)}
		periodic.RegisterTasks(runner, &periodic.App{Ledger: ledger})
		bgtest.Clock(t, runner)
		time.Sleep(72*time.Hour + 5*time.Minute) // since Saturday, January 1, 2000
		synctest.Wait()
		close(ledger.Lines)
		lines := map[string]int{}
		notes := 0
		for line := range ledger.Lines {
			if strings.HasPrefix(line, "note of ") {
				notes++
			} else {
				lines[line]++
			}
		}
		// Of Monday it is Monday's, at 2:30 in Berlin, and at midnight UTC.
		want := map[string]int{"report of 2000-01-01": 1, "report of 2000-01-02": 2, "report of 2000-01-03": 1}
		if !maps.Equal(lines, want) || notes != 72*40+3 {
			t.Errorf("%v, %d notes", lines, notes)
		}
		keys := map[string]bool{}
		for _, c := range kept.calls {
			keys[c.Once] = true
		}
		// All hours, and the one at which it began.
		if len(keys) != 73 || len(kept.calls) != 73 || !keys["sweep@2000-01-02T13:00:00Z"] {
			t.Errorf("%d calls: %v", len(kept.calls), slices.Sorted(maps.Keys(keys)))
		}
		if s := runner.Schedules(); len(s) != 4 || s[3].Task != "sweep" || s[3].Expr != "cron @hourly" || !s[3].Overlap || s[3].Missed != 10*time.Minute {
			t.Errorf("%+v", s)
		}
	})
}
