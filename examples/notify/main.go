// Command notify serves the tutorial on background tasks:
//
//	curl -X POST 'localhost:8080/send-notification/ann@example.com?q=gophers'
//
// answers {"message":"Message sent"}, and log.txt has two more lines. The page of
// what runs and what has failed is at localhost:8080/tasks/.
package main

import (
	"context"
	"flag"
	"log"
	"net/http"

	"github.com/bggen/bggen/examples/notify/notify"
	"github.com/bggen/bggen/runtime"
	"github.com/bggen/bggen/runtime/dashboard"
)

//go:generate go tool bggen ./...

func main() {
	addr := flag.String("addr", "localhost:8080", "address to listen on")
	flag.Parse()

	var runner runtime.Runner // the zero value works
	mux := http.NewServeMux()
	mux.Handle("/tasks/", http.StripPrefix("/tasks", dashboard.New(&runner)))
	notify.Register(mux, &runner)
	mux.Handle("GET /ping", notify.PingHandler(&runner))

	server := &http.Server{Addr: *addr, Handler: mux}
	log.Printf("serving on http://%s", *addr)
	if err := runtime.Serve(context.Background(), server, &runner); err != nil {
		log.Fatal(err)
	}
}
