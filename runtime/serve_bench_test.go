package runtime_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"syscall"
	"testing"

	"github.com/bggen/bggen/runtime"
)

// BenchmarkServe compares ways of starting one empty task per request after
// its response: none at all; a bare go statement before the handler returns,
// which may start too early; a flush by hand, of a response whose length is
// known, and a go statement after it; the connection hook; and what the adapter
// does without the hook. Over keep-alive connections on this machine, client
// and server in one process. cpu-ns/op is what both took of the processors,
// which tells more than the time where these are not all busy.
func BenchmarkServe(b *testing.B) {
	const body = "{\"message\":\"Message sent\"}"
	task := does(func() {})
	tasks := func(w http.ResponseWriter, _ *http.Request, bg *runtime.BackgroundTasks) {
		bg.Add(task)
		io.WriteString(w, body)
	}
	for _, connections := range []int{1, 32} {
		for _, way := range []string{"none", "go", "by hand", "hook", "flush"} {
			b.Run(fmt.Sprintf("%s/%d", way, connections), func(b *testing.B) {
				b.ReportAllocs()
				var runner runtime.Runner
				handler := plain(&runner, tasks)
				switch way {
				case "none":
					handler = http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, body) })
				case "go":
					handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
						go task(context.WithoutCancel(r.Context()))
						io.WriteString(w, body)
					})
				case "by hand":
					handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
						w.Header().Set("Content-Length", strconv.Itoa(len(body)))
						io.WriteString(w, body)
						w.(http.Flusher).Flush()
						go task(context.WithoutCancel(r.Context()))
					})
				}
				hammer(b, listen(b, &runner, handler, way == "hook"), connections, len(body))
				idle(b, &runner)
			})
		}
	}
}

// hammer sends b.N requests over n connections, each after the response to the
// one before.
func hammer(b *testing.B, addr string, n, size int) {
	b.Helper()
	per := b.N/n + 1
	done := make(chan error, n)
	clients := make([]*client, n)
	for i := range clients {
		clients[i] = dial(b, addr)
	}
	before := processorTime()
	b.ResetTimer()
	for _, c := range clients {
		go func() { done <- c.hammer(per, size) }()
	}
	for range n {
		if err := <-done; err != nil {
			b.Fatal(err)
		}
	}
	b.StopTimer()
	b.ReportMetric(float64(processorTime()-before)/float64(b.N), "cpu-ns/op")
}

func processorTime() int64 {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		return 0
	}
	return usage.Utime.Nano() + usage.Stime.Nano()
}

// hammer reads responses with as little work as it can: what is measured is
// the server.
func (c *client) hammer(n, size int) error {
	request := []byte("GET / HTTP/1.1\r\nHost: test\r\n\r\n")
	for range n {
		if _, err := c.Write(request); err != nil {
			return err
		}
		length := -1
		for {
			line, err := c.r.ReadSlice('\n')
			if err != nil {
				return err
			}
			if len(line) == 2 {
				break
			}
			if v, ok := cutPrefix(line, "Content-Length: "); ok {
				if length, err = strconv.Atoi(v); err != nil {
					return err
				}
			}
		}
		if length != size {
			return fmt.Errorf("a body of %d bytes, not %d", length, size)
		}
		if _, err := c.r.Discard(length); err != nil {
			return err
		}
	}
	return nil
}

func cutPrefix(line []byte, prefix string) (string, bool) {
	if len(line) < len(prefix)+2 || string(line[:len(prefix)]) != prefix {
		return "", false
	}
	return string(line[len(prefix) : len(line)-2]), true
}
