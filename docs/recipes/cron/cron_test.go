package cron

import (
	"bytes"
	"database/sql"
	"log"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	_ "modernc.org/sqlite"

	"github.com/bggen/bggen/runtime"
	"github.com/bggen/bggen/runtime/bgtest"
)

// Four days pass at once.
func TestReport(t *testing.T) {
	var lines bytes.Buffer
	log.SetOutput(&lines)
	log.SetFlags(0)
	synctest.Test(t, func(t *testing.T) { // it begins on Saturday, 1 January 2000
		db, err := sql.Open("sqlite", ":memory:")
		if err != nil {
			t.Fatal(err)
		}
		defer db.Close()
		if _, err := db.Exec(`CREATE TABLE orders (day TEXT); INSERT INTO orders VALUES ('2000-01-03')`); err != nil {
			t.Fatal(err)
		}
		var runner runtime.Runner
		RegisterTasks(&runner, &App{DB: db})
		bgtest.Clock(t, &runner)
		time.Sleep(4 * 24 * time.Hour)
		synctest.Wait()
	})
	want := []string{"2000-01-02: 0 orders", "2000-01-03: 1 orders"} // made on Monday and Tuesday
	if got := strings.Split(strings.TrimSpace(lines.String()), "\n"); strings.Join(got, "|") != strings.Join(want, "|") {
		t.Errorf("the log is %q, want %q", got, want)
	}
}
