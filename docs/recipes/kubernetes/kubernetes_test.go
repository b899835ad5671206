package kubernetes

import (
	"context"
	"net"
	"net/http"
	"os"
	"regexp"
	"strconv"
	"testing"
	"time"
)

// The task of a request that has been answered runs, though the server is told to stop.
func TestRun(t *testing.T) {
	listener, err := net.Listen("tcp", "localhost:0")
	if err != nil {
		t.Fatal(err)
	}
	addr := listener.Addr().String()
	listener.Close()
	linger = 10 * time.Millisecond // the test has no proxies
	defer func() { linger = 5 * time.Second }()
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- Run(ctx, addr) }()
	for {
		resp, err := http.Post("http://"+addr+"/orders", "", nil)
		if err != nil {
			continue // it does not listen yet
		}
		resp.Body.Close()
		if resp.StatusCode != 202 {
			t.Errorf("status %d", resp.StatusCode)
		}
		break
	}
	stop()
	if err := <-ended; err != nil { // a *runtime.ShutdownError would name what was left
		t.Error(err)
	}
}

// Kubernetes waits for longer than Linger and Grace together.
func TestGrace(t *testing.T) {
	text, err := os.ReadFile("deployment.yaml")
	if err != nil {
		t.Fatal(err)
	}
	seconds := func(pattern string) int {
		m := regexp.MustCompile(pattern + `: (\d+)`).FindSubmatch(text)
		if m == nil {
			t.Fatalf("deployment.yaml has no %s", pattern)
		}
		n, _ := strconv.Atoi(string(m[1]))
		return n
	}
	if grace, needed := seconds("terminationGracePeriodSeconds"), int(linger.Seconds())+25; grace <= needed {
		t.Errorf("Kubernetes kills the process after %d s, and it needs up to %d", grace, needed)
	}
}
