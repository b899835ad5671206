// Command conduit serves the API of RealWorld, a place to publish articles.
//
//bggen:openapi openapi.json title=Conduit version=1.0.0 license=MIT
package main

import (
	"cmp"
	"context"
	"flag"
	"fmt"
	"io"
	"log"
	"net/http"
	"os"
	"strings"
	"time"

	"github.com/bggen/bggen/examples/conduit/app"
	"github.com/bggen/bggen/runtime"
	"github.com/bggen/bggen/runtime/asynq"
	"github.com/bggen/bggen/runtime/dashboard"
	"github.com/bggen/bggen/runtime/engine"
	bgotel "github.com/bggen/bggen/runtime/otel"
	"github.com/bggen/bggen/runtime/river"
	"go.opentelemetry.io/contrib/instrumentation/net/http/otelhttp"
)

//go:generate go tool bggen -routes routes.txt -tasks tasks.txt ./...

func main() {
	var c config
	flag.StringVar(&c.addr, "addr", "localhost:8080", "address to listen on")
	flag.StringVar(&c.db, "db", "conduit.db", "file of the database, which is made if it is not there")
	flag.StringVar(&c.tasks, "tasks", "", "where tasks are stored: postgres://..., redis://..., or memory; in the database unless given")
	flag.StringVar(&c.role, "role", "both", "web: serve, and leave the tasks to others; worker: run tasks; or both")
	flag.Parse()
	if err := c.run(context.Background()); err != nil {
		log.Fatal(err)
	}
}

// config is what the flags say.
type config struct{ addr, db, tasks, role string }

// run serves, or works, until a signal comes, and returns when the tasks that run
// have ended.
func (c config) run(ctx context.Context) error {
	db, err := app.OpenDB(ctx, c.db)
	if err != nil {
		return err
	}
	defer db.Close()
	engine, err := c.openEngine()
	if err != nil {
		return err
	}
	if closer, ok := engine.(io.Closer); ok {
		defer closer.Close()
	}
	flush, err := startTelemetry(ctx, "conduit-"+c.role)
	if err != nil {
		return err
	}
	defer flush()

	runner := &runtime.Runner{Engine: engine, StoreOnly: c.role == "web", Timeout: 30 * time.Second}
	bgotel.Instrument(runner, bgotel.WithEngines())
	a := &app.App{
		DB:            db,
		Outbox:        c.tasks == "",
		Mailer:        app.LogMailer{},
		Limiter:       &app.Limiter{PerMinute: 600},
		LoginLimiter:  &app.Limiter{PerMinute: 10},
		AdminPassword: os.Getenv("CONDUIT_ADMIN_PASSWORD"),
		TasksPage:     dashboard.New(runner, dashboard.Actions(), dashboard.Authorize(seenByAdmins)),
	}
	switch c.role {
	case "web", "both":
		server := &http.Server{
			Addr: c.addr, Handler: otelhttp.NewHandler(newService(runner, a), "conduit"),
			ReadHeaderTimeout: 10 * time.Second, IdleTimeout: 2 * time.Minute,
		}
		log.Print("conduit is at http://", c.addr, "/docs/")
		return runtime.Serve(ctx, server, runner)
	case "worker":
		registerTasks(runner, a)
		log.Print("conduit's worker waits for tasks")
		return runtime.Work(ctx, runner)
	}
	return fmt.Errorf("-role %s is neither web nor worker nor both", c.role)
}

// openEngine opens where the tasks are stored. Nil is the memory of this process.
func (c config) openEngine() (engine.Engine, error) {
	switch {
	case c.tasks == "memory":
		return nil, nil
	case strings.HasPrefix(c.tasks, "redis://"):
		return asynq.Open(c.tasks)
	}
	// A task that ran when its process was killed runs again after this time.
	return river.Config{LongestTask: time.Minute}.Open(cmp.Or(c.tasks, c.db))
}

// seenByAdmins tells the page of the tasks that package admin has asked already who
// wants to see it.
func seenByAdmins(*http.Request) error { return nil }
