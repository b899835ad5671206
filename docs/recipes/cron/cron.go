// Package cron runs a task on working days at 02:30.
//
// There is nothing to start: Serve and Work run it. With an engine it runs once, however
// many processes there are.
package cron

import (
	"context"
	"database/sql"
	"log"
	"time"

	"github.com/bggen/bggen/runtime"
)

// App holds what lives as long as the program.
//
//bggen:app
type App struct{ DB *sql.DB }

// Report reports the orders of the day before. On the day when the clock jumps from
// 02:00 to 03:00 it runs at 03:00. A process that was down at that time makes up for it
// within an hour.
//
//bggen:cron "30 2 * * 1-5" tz=Europe/Berlin
//bggen:task attempts=3 timeout=10m
func Report(ctx context.Context, db *sql.DB, due runtime.Due) error {
	day := due.AddDate(0, 0, -1).Format(time.DateOnly)
	var orders int
	if err := db.QueryRowContext(ctx, `SELECT count(*) FROM orders WHERE day = ?`, day).Scan(&orders); err != nil {
		return err
	}
	log.Printf("%s: %d orders", day, orders)
	return nil
}
