package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/bggen/bggen/benchmarks/internal/contender"
)

// TestMain serves a contender where this program was started for that.
func TestMain(m *testing.M) {
	if len(os.Args) == 3 && os.Args[1] == contender.ChildArg {
		if err := contender.Child(os.Args[2]); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}

const (
	notify = "POST /send-notification/ann@example.com?q=gophers HTTP/1.1\r\nHost: bench\r\nContent-Length: 0\r\n\r\n"
	hello  = "GET /hello/you HTTP/1.1\r\nHost: bench\r\n\r\n"
)

// BenchmarkServe compares whole requests over TCP. Each contender is a process
// of its own. server-ns/op is the processor time of that process for a request.
func BenchmarkServe(b *testing.B) {
	for _, load := range []struct {
		name        string
		request     string
		connections int
	}{{"tutorial/connections=1", notify, 1}, {"tutorial/connections=32", notify, 32}, {"tutorial/connections=256", notify, 256}, {"plain/connections=32", hello, 32}} {
		for _, c := range contender.All() {
			b.Run(load.name+"/side="+c.Name, func(b *testing.B) { serve(b, c, load.request, load.connections) })
		}
	}
}

func serve(b *testing.B, c contender.Contender, request string, connections int) {
	p, err := c.Start(b.Context(), b.TempDir())
	if errors.Is(err, contender.ErrNoFastAPI) {
		b.Skip(err)
	}
	if err != nil {
		b.Fatal(err)
	}
	defer p.Kill()
	n := b.N
	if c.IsPython() {
		n = min(n, 2000) // it takes a hundred times as long
	}
	addr := strings.TrimPrefix(p.URL, "http://")
	if err := drive(addr, request, connections, 2*connections); err != nil { // the first requests are not those that count
		b.Fatal(err)
	}
	before, start := processorTime(b, p.PID()), time.Now()
	if err := drive(addr, request, connections, n); err != nil {
		b.Fatal(err)
	}
	b.ReportMetric(float64(time.Since(start))/float64(n), "ns/op")
	b.ReportMetric(float64(processorTime(b, p.PID())-before)/float64(n), "server-ns/op")
}

// drive sends n requests over some connections, and reads the answers.
func drive(addr, request string, connections, n int) error {
	errs := make([]error, connections)
	var wg sync.WaitGroup
	for i := range connections {
		mine := n / connections
		if i < n%connections {
			mine++
		}
		wg.Go(func() { errs[i] = client(addr, request, mine) })
	}
	wg.Wait()
	return errors.Join(errs...)
}

func client(addr, request string, n int) error {
	conn, err := net.Dial("tcp", addr)
	if err != nil {
		return err
	}
	defer conn.Close()
	r := bufio.NewReader(conn)
	for range n {
		if _, err := io.WriteString(conn, request); err != nil {
			return err
		}
		if err := readAnswer(r); err != nil {
			return err
		}
	}
	return nil
}

// readAnswer reads an answer of status 200 that says how long it is.
func readAnswer(r *bufio.Reader) error {
	length := -1
	for first := true; ; first = false {
		line, err := r.ReadSlice('\n')
		if err != nil {
			return err
		}
		switch text := string(line); {
		case first && !strings.HasPrefix(text, "HTTP/1.1 200 "):
			return fmt.Errorf("the answer is %q", text)
		case len(text) > 16 && strings.EqualFold(text[:16], "Content-Length: "):
			if length, err = strconv.Atoi(strings.TrimSpace(text[16:])); err != nil {
				return err
			}
		case text == "\r\n" && length < 0:
			return errors.New("the answer does not say how long it is")
		case text == "\r\n":
			_, err := r.Discard(length)
			return err
		}
	}
}

// processorTime is what a process has used so far: fields 14 and 15 of
// /proc/PID/stat, in hundredths of a second.
func processorTime(b *testing.B, pid int) time.Duration {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		b.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(text), ") ")
	var sum time.Duration
	for _, field := range strings.Fields(rest)[11:13] {
		ticks, err := strconv.Atoi(field)
		if err != nil {
			b.Fatal(err)
		}
		sum += time.Duration(ticks) * 10 * time.Millisecond
	}
	return sum
}
