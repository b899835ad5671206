package nats_test

import (
	"context"
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/bggen/bggen/runtime/engine"
	"github.com/bggen/bggen/runtime/nats"
	"github.com/nats-io/nats-server/v2/server"
)

// startCluster starts three servers that keep everything three times.
func startCluster(t *testing.T) (servers []*server.Server, addresses string) {
	var routes []*url.URL
	var ports []int
	for range 3 {
		port := freePort(t)
		ports = append(ports, port)
		routes = append(routes, &url.URL{Scheme: "nats", Host: fmt.Sprint("127.0.0.1:", port)})
	}
	var urls []string
	for i, port := range ports {
		s, err := server.NewServer(&server.Options{
			ServerName: fmt.Sprint("s", i), Host: "127.0.0.1", Port: server.RANDOM_PORT, NoSigs: true, NoLog: true,
			JetStream: true, StoreDir: t.TempDir(), Routes: routes,
			Cluster: server.ClusterOpts{Name: "test", Host: "127.0.0.1", Port: port},
		})
		if err != nil {
			t.Fatal(err)
		}
		s.Start()
		t.Cleanup(func() {
			s.Shutdown()
			s.WaitForShutdown()
		})
		if !s.ReadyForConnections(10 * time.Second) {
			t.Fatal("a server does not start")
		}
		servers, urls = append(servers, s), append(urls, s.ClientURL())
	}
	return servers, strings.Join(urls, ",")
}

// TestCluster stops the server that leads the stream, and none of what the
// cluster has accepted is lost.
func TestCluster(t *testing.T) {
	t.Parallel()
	servers, addresses := startCluster(t)
	var e *nats.Engine
	for deadline := time.Now().Add(time.Minute); ; time.Sleep(100 * time.Millisecond) {
		var err error
		if e, err = (nats.Config{Replicas: 3, Lease: 3 * time.Second}).Open(addresses); err == nil {
			break
		}
		if time.Now().After(deadline) {
			t.Fatal(err) // it has no leader yet
		}
	}
	defer e.Close()
	const n = 200
	stored := map[string]bool{}
	for i := range n {
		if i == n/2 {
			stopLeader(t, servers)
		}
		id := fmt.Sprintf("AAAAAAAAAAAAAAAAAAAAAAA%03d", i)
		for deadline := time.Now().Add(time.Minute); ; { // while a leader is elected, nothing is stored
			err := e.Enqueue(t.Context(), []engine.Call{{ID: id, Name: "some.task", Args: []byte(`{}`), Attempts: 1}})
			if err == nil {
				break
			}
			if time.Now().After(deadline) {
				t.Fatal(err)
			}
		}
		stored[id] = true
	}
	ran := make(chan string, 2*n)
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() {
		ended <- e.Work(ctx, t.Context(), []string{"some.task"}, func(_ context.Context, c engine.Call) error {
			ran <- c.ID
			return nil
		})
	}()
	late := time.After(time.Minute)
	for len(stored) > 0 {
		select {
		case id := <-ran:
			delete(stored, id)
		case <-late:
			t.Fatalf("%d of %d have not run", len(stored), n)
		}
	}
	stop()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

func stopLeader(t *testing.T, servers []*server.Server) {
	for _, s := range servers {
		if s.JetStreamIsStreamLeader(server.DEFAULT_GLOBAL_ACCOUNT, "bggen") {
			s.Shutdown()
			s.WaitForShutdown()
			return
		}
	}
	t.Error("no server leads the stream")
}
