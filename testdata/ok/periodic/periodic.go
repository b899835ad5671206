// Package periodic has tasks that run by themselves.
package periodic

import (
	"context"
	"time"

	"github.com/bggen/bggen/runtime"
)

// App is what tasks need.
//
//bggen:app
type App struct{ Ledger *Ledger }

// Ledger is where they write.
type Ledger struct{ Lines chan string }

// Report writes yesterday's figures.
//
//bggen:every 24h
//bggen:cron "30 2 * * 1-5" tz=Europe/Berlin jitter=5m
//bggen:task attempts=3 timeout=10m
func Report(ctx context.Context, ledger *Ledger, due runtime.Due) error {
	ledger.Lines <- "report of " + due.AddDate(0, 0, -1).Format(time.DateOnly)
	return ctx.Err()
}

// Sweep takes nothing of the instant, and needs an engine so that one process runs it.
//
//bggen:cron @hourly missed=10m overlap once
//bggen:task name=sweep engine=keeper
func Sweep(ledger *Ledger) { ledger.Lines <- "sweep" }

// Beat runs in every process.
//
//bggen:every 90s missed=30s
//bggen:task
func (l *Ledger) Beat(bg *runtime.BackgroundTasks, at runtime.Due) {
	EnqueueNote(bg, at)
}

// Note is no periodic task, and takes an instant as an argument.
//
//bggen:task
func Note(ledger *Ledger, at runtime.Due) { ledger.Lines <- "note of " + at.Format(time.TimeOnly) }
