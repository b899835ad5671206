// Command shop serves a small shop on SQLite. README.md has commands to try.
package main

import (
	"cmp"
	"context"
	"flag"
	"fmt"
	"io"
	"log"
	"net/http"
	"strings"
	"time"

	"github.com/bggen/bggen/examples/shop/shop"
	"github.com/bggen/bggen/runtime"
	"github.com/bggen/bggen/runtime/asynq"
	"github.com/bggen/bggen/runtime/dashboard"
	"github.com/bggen/bggen/runtime/engine"
	"github.com/bggen/bggen/runtime/river"
)

//go:generate go tool bggen ./...

func main() {
	var c config
	flag.StringVar(&c.addr, "addr", "localhost:8080", "address to listen on")
	flag.StringVar(&c.db, "db", "shop.db", "file of the database, which is made if it is not there")
	flag.StringVar(&c.tasks, "tasks", "", "where tasks are stored: postgres://..., redis://..., or memory; the file of the database unless given")
	flag.StringVar(&c.role, "role", "both", "web: serve, and leave the tasks to others; worker: run tasks; or both")
	flag.StringVar(&c.otlp, "otlp", "", "address of an OpenTelemetry collector, http://localhost:4318 for one")
	flag.Parse()
	if err := c.run(context.Background()); err != nil {
		log.Fatal(err)
	}
}

// A config is what the flags say.
type config struct{ addr, db, tasks, role, otlp string }

// run serves, or works, until a signal comes, and returns when the tasks that
// run have ended.
func (c config) run(ctx context.Context) error {
	db, err := shop.OpenDB(ctx, c.db)
	if err != nil {
		return err
	}
	defer db.Close() // after the tasks, which use it
	engine, err := c.engine()
	if err != nil {
		return err
	}
	if e, ok := engine.(io.Closer); ok {
		defer e.Close()
	}
	runner := runtime.Runner{Engine: engine, StoreOnly: c.role == "web"}
	traced, flush, err := c.instrument(ctx, &runner)
	if err != nil {
		return err
	}
	defer flush() // what the last tasks have left
	app := &shop.App{
		DB: db, Mailer: shop.LogMailer{}, Limiter: &shop.Limiter{PerMinute: 600},
		Outbox: shop.Outbox(c.tasks == ""), // it is the same database
	}
	switch c.role {
	case "worker":
		shop.RegisterTasks(&runner, app)
		log.Print("the shop's worker waits for tasks")
		return runtime.Work(ctx, &runner)
	case "web", "both":
		mux := http.NewServeMux()
		mux.Handle("/tasks/", http.StripPrefix("/tasks", dashboard.New(&runner))) // a real shop asks who looks
		shop.Register(mux, &runner, app)
		log.Print("the shop is at http://", c.addr)
		return runtime.Serve(ctx, &http.Server{Addr: c.addr, Handler: traced(mux)}, &runner)
	}
	return fmt.Errorf("-role %s is neither web nor worker nor both", c.role)
}

// engine is where the tasks are stored, nil for the memory of this process.
func (c config) engine() (engine.Engine, error) {
	switch {
	case c.tasks == "memory":
		return nil, nil
	case strings.HasPrefix(c.tasks, "redis://"):
		return asynq.Open(c.tasks)
	}
	// A task that ran when its process was killed runs again after this time.
	return river.Config{LongestTask: 10 * time.Second}.Open(cmp.Or(c.tasks, c.db))
}
