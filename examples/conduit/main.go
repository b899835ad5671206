// Command conduit serves the API of RealWorld, a place to publish articles.
//
//bggen:openapi openapi.json title=Conduit version=1.0.0
//bggen:openapi-package ./app
//bggen:openapi-package ./users
//bggen:openapi-package ./profiles
//bggen:openapi-package ./articles
//bggen:openapi-package ./comments
package main

import (
	"context"
	"flag"
	"fmt"
	"log"
	"net/http"
	"os"
	"time"

	"github.com/bggen/bggen/examples/conduit/app"
	"github.com/bggen/bggen/runtime"
	"github.com/bggen/bggen/runtime/dashboard"
	"github.com/bggen/bggen/runtime/river"
)

//go:generate go tool bggen -routes routes.txt -tasks tasks.txt ./...

func main() {
	addr := flag.String("addr", "localhost:8080", "address to listen on")
	file := flag.String("db", "conduit.db", "file of the database, which is made if it is not there")
	role := flag.String("role", "both", "web: serve, and leave the tasks to others; worker: run tasks; or both")
	flag.Parse()
	if err := run(context.Background(), *addr, *file, *role); err != nil {
		log.Fatal(err)
	}
}

// run serves, or works, until a signal comes, and returns when the tasks that run
// have ended.
func run(ctx context.Context, addr, file, role string) error {
	db, err := app.OpenDB(ctx, file)
	if err != nil {
		return err
	}
	defer db.Close()
	// A task that ran when its process was killed runs again after this time.
	engine, err := river.Config{LongestTask: time.Minute}.Open(file)
	if err != nil {
		return err
	}
	defer engine.Close()

	runner := &runtime.Runner{Engine: engine, StoreOnly: role == "web", Timeout: 30 * time.Second}
	a := &app.App{
		DB:            db,
		Mailer:        app.LogMailer{},
		Limiter:       &app.Limiter{PerMinute: 600},
		LoginLimiter:  &app.Limiter{PerMinute: 10},
		AdminPassword: os.Getenv("CONDUIT_ADMIN_PASSWORD"),
		TasksPage:     dashboard.New(runner, dashboard.Actions(), dashboard.Authorize(seenByAdmins)),
	}
	switch role {
	case "web", "both":
		server := &http.Server{
			Addr: addr, Handler: newService(runner, a),
			ReadHeaderTimeout: 10 * time.Second, IdleTimeout: 2 * time.Minute,
		}
		log.Print("conduit is at http://", addr, "/docs/")
		return runtime.Serve(ctx, server, runner)
	case "worker":
		registerTasks(runner, a)
		log.Print("conduit's worker waits for tasks")
		return runtime.Work(ctx, runner)
	}
	return fmt.Errorf("-role %s is neither web nor worker nor both", role)
}

// seenByAdmins tells the page of the tasks that package admin has asked already who
// wants to see it.
func seenByAdmins(*http.Request) error { return nil }
