// Command shop serves a small shop on SQLite. README.md has commands to try.
package main

import (
	"context"
	"flag"
	"log"
	"net/http"

	"github.com/bggen/bggen/examples/shop/shop"
	"github.com/bggen/bggen/runtime"
)

//go:generate go tool bggen ./...

func main() {
	addr := flag.String("addr", "localhost:8080", "address to listen on")
	file := flag.String("db", "shop.db", "file of the database, which is made if it is not there")
	flag.Parse()
	if err := serve(context.Background(), *addr, *file); err != nil {
		log.Fatal(err)
	}
}

// serve serves until a signal comes, and returns when the tasks have run.
func serve(ctx context.Context, addr, file string) error {
	db, err := shop.OpenDB(ctx, file)
	if err != nil {
		return err
	}
	defer db.Close() // after the tasks, which use it

	var runner runtime.Runner
	mux := http.NewServeMux()
	app := &shop.App{DB: db, Mailer: shop.LogMailer{}, Limiter: &shop.Limiter{PerMinute: 600}}
	shop.Register(mux, &runner, app)
	log.Print("the shop is at http://", addr)
	return runtime.Serve(ctx, &http.Server{Addr: addr, Handler: mux}, &runner)
}
