// Package embedded runs a NATS server with JetStream within the process, for a
// program that wants durable tasks and no server beside it.
//
//	server, err := embedded.Start(embedded.Options{Dir: "tasks"})
//	if err != nil {
//		log.Fatal(err)
//	}
//	defer server.Close()
//	engine, err := nats.Open(server.URL())
package embedded

import (
	"cmp"
	"errors"
	"fmt"
	"time"

	"github.com/nats-io/nats-server/v2/server"
)

// Options are the settings of a server.
type Options struct {
	// Dir is the folder with what the server keeps. One process uses it at a time.
	Dir string

	// Host and Port are where the server listens. "" and 0: on this machine
	// alone, and on any free port.
	Host string
	Port int

	// MaxPayload is the most bytes that a task has, with its arguments.
	// 0: 8 MB.
	MaxPayload int32
}

// A Server is a NATS server in this process.
type Server struct{ server *server.Server }

// Start starts a server, which writes to the disk before it answers.
func Start(o Options) (*Server, error) {
	if o.Dir == "" {
		return nil, errors.New("embedded: the server has no folder to keep tasks in: set Options.Dir")
	}
	port := o.Port
	if port == 0 {
		port = server.RANDOM_PORT
	}
	s, err := server.NewServer(&server.Options{
		Host: cmp.Or(o.Host, "127.0.0.1"), Port: port, NoSigs: true, NoLog: true,
		JetStream: true, StoreDir: o.Dir, SyncAlways: true, MaxPayload: cmp.Or(o.MaxPayload, 8<<20),
	})
	if err != nil {
		return nil, fmt.Errorf("embedded: %w", err)
	}
	s.Start()
	if !s.ReadyForConnections(starting) || !s.JetStreamEnabled() {
		s.Shutdown()
		return nil, fmt.Errorf("embedded: the server does not start with the folder %s within %v", o.Dir, starting)
	}
	return &Server{s}, nil
}

// starting is how long a server has to read what it keeps.
const starting = 30 * time.Second

// URL is the address of the server, for nats.Open.
func (s *Server) URL() string { return s.server.ClientURL() }

// Close stops the server, after the engines that use it.
func (s *Server) Close() error {
	s.server.Shutdown()
	s.server.WaitForShutdown()
	return nil
}
