package runtime_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/bggen/bggen/runtime"
)

// childEnv has the test binary serve, in place of running tests.
const childEnv = "BGGEN_TEST_SERVE"

// lingerEnv is how long it lingers.
const lingerEnv = "BGGEN_TEST_LINGER"

func TestMain(m *testing.M) {
	if addr := os.Getenv(childEnv); addr != "" {
		serveAsChild(addr)
		return
	}
	os.Exit(m.Run())
}

// serveAsChild serves tasks that end when they are told to, and one that never
// does.
func serveAsChild(addr string) {
	var runner runtime.Runner
	runner.Linger, _ = time.ParseDuration(os.Getenv(lingerEnv))
	mux := http.NewServeMux()
	mux.HandleFunc("/ready", runner.Ready)
	mux.HandleFunc("/alive", runner.Alive)
	mux.Handle("/stuck", adding(&runner, func(context.Context) error {
		fmt.Println("stuck")
		select {} // it does not look at its context
	}))
	mux.Handle("/slow", plain(&runner, func(_ http.ResponseWriter, _ *http.Request, bg *runtime.BackgroundTasks) {
		bg.Add(func(ctx context.Context) error {
			fmt.Println("slow")
			<-ctx.Done()
			return ctx.Err()
		}, runtime.Named("slow task"))
		bg.Add(func(context.Context) error { return nil }, runtime.Named("next task"))
	}))
	mux.Handle("/quick", adding(&runner, func(context.Context) error { fmt.Println("quick"); return nil }))
	mux.HandleFunc("/hang", func(_ http.ResponseWriter, r *http.Request) {
		fmt.Println("hang")
		io.Copy(io.Discard, r.Body)
	})
	server := &http.Server{Addr: addr, Handler: mux}
	if err := runtime.Serve(context.Background(), server, &runner); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	fmt.Println("drained")
}

// A served is a process that serves.
type served struct {
	t      *testing.T
	addr   string
	cmd    *exec.Cmd
	lines  *bufio.Scanner
	stderr strings.Builder
}

func startServing(t *testing.T) *served {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &served{t: t, addr: l.Addr().String(), cmd: exec.CommandContext(t.Context(), os.Args[0])}
	l.Close()
	s.cmd.Env = append(os.Environ(), childEnv+"="+s.addr)
	s.cmd.Stderr = &s.stderr
	stdout, err := s.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	s.lines = bufio.NewScanner(stdout)
	if err := s.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	return s
}

// get asks for a path, as soon as the process listens, and waits for its task to
// begin.
func (s *served) get(path string) {
	s.t.Helper()
	for {
		resp, err := http.Get("http://" + s.addr + path)
		if err != nil && s.t.Context().Err() == nil {
			continue
		}
		io.Copy(io.Discard, resp.Body)
		resp.Body.Close()
		break
	}
	s.want(strings.TrimPrefix(path, "/"))
}

func (s *served) want(line string) {
	s.t.Helper()
	if !s.lines.Scan() || s.lines.Text() != line {
		s.t.Errorf("it printed %q, want %q; %s", s.lines.Text(), line, s.stderr.String())
	}
}

func (s *served) signal() { s.cmd.Process.Signal(syscall.SIGTERM) }

// signalTwice has the second signal come when the first one has been seen: when nobody
// listens any more.
func (s *served) signalTwice() {
	s.signal()
	for {
		c, err := net.Dial("tcp", s.addr)
		if err != nil {
			break
		}
		c.Close()
	}
	s.signal()
}

// A process that lingers says that it is not ready, and goes on serving until a second
// signal comes.
func TestLinger(t *testing.T) {
	t.Setenv(lingerEnv, "1h")
	s := startServing(t)
	s.get("/quick")
	status := func(path string) int {
		t.Helper()
		r, err := http.Get("http://" + s.addr + path)
		if err != nil {
			t.Fatal(err)
		}
		r.Body.Close()
		return r.StatusCode
	}
	if ready, alive := status("/ready"), status("/alive"); ready != 200 || alive != 200 {
		t.Errorf("ready %d, alive %d", ready, alive)
	}
	s.signal()
	for status("/ready") != 503 { // until the signal has come
	}
	if alive := status("/alive"); alive != 200 {
		t.Errorf("alive %d", alive)
	}
	s.get("/quick")
	for { // the second signal is seen when the first one has been dealt with
		s.signal()
		c, err := net.Dial("tcp", s.addr)
		if err != nil {
			break
		}
		c.Close()
	}
	s.cmd.Wait() // a third signal may have come in the grace, in which nothing was left
	if !strings.Contains(s.stderr.String(), "still accepting requests") {
		t.Error(s.stderr.String())
	}
}

// ServeListener serves a listener that is there already, and ends within Grace.
func TestServeListener(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var log strings.Builder
	runner := &runtime.Runner{Grace: time.Nanosecond, Logger: slog.New(slog.NewTextHandler(&log, nil))}
	begun, release := make(chan bool, 3), make(chan bool)
	h := plain(runner, func(_ http.ResponseWriter, _ *http.Request, bg *runtime.BackgroundTasks) {
		for range 3 {
			bg.Add(func(context.Context) error { begun <- true; <-release; return nil }, runtime.Named("mail"), runtime.Unordered())
		}
		bg.Add(func(context.Context) error { return nil })
	})
	ctx, end := context.WithCancel(t.Context())
	served := make(chan error)
	go func() { served <- runtime.ServeListener(ctx, &http.Server{Handler: h}, l, runner) }()
	if r, err := http.Get("http://" + l.Addr().String()); err != nil || r.StatusCode >= 300 {
		t.Fatal(r, err)
	}
	for range 3 {
		<-begun
	}
	end()
	err = <-served
	close(release)
	left, ok := errors.AsType[*runtime.ShutdownError](err)
	if !ok || !strings.Contains(left.Error(), "mail ×3 (oldest running for ") {
		t.Error(err)
	}
	if got := log.String(); !strings.Contains(got, "waiting for tasks") || strings.Count(got, "left at shutdown") != 1 {
		t.Error(got)
	}
	if err := runner.Idle(t.Context()); err != nil {
		t.Error(err)
	}
}

func TestSIGTERMDrains(t *testing.T) {
	s := startServing(t)
	s.get("/quick")
	s.signal()
	s.want("drained")
	if err := s.cmd.Wait(); err != nil {
		t.Errorf("it ended with %v: %s", err, s.stderr.String())
	}
}

// A second signal ends the waiting. What is left is named in the log and in the
// error, and the status says that it was not complete. A task that does not look
// at its context does not hold the process.
func TestASecondSignal(t *testing.T) {
	s := startServing(t)
	s.get("/slow")
	s.get("/stuck")
	s.signalTwice()
	err := s.cmd.Wait()
	if code := s.cmd.ProcessState.ExitCode(); err == nil || code != 1 {
		t.Errorf("it ended with %d", code)
	}
	for _, text := range []string{"background tasks left at shutdown", "slow task (running for ", "next task", "3 background tasks left: "} {
		if !strings.Contains(s.stderr.String(), text) {
			t.Errorf("there is no %q in\n%s", text, s.stderr.String())
		}
	}
	if n := strings.Count(s.stderr.String(), "next task"); n != 2 { // in one line of the log, and in the error
		t.Errorf("what is left is said %d times:\n%s", n, s.stderr.String())
	}
}

// A request that does not end is waited for, and the error says so.
func TestARequestThatHangs(t *testing.T) {
	s := startServing(t)
	s.get("/quick")
	c, err := net.Dial("tcp", s.addr)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	fmt.Fprint(c, "POST /hang HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nbody")
	s.want("hang")
	s.signalTwice()
	if err := s.cmd.Wait(); err == nil || !strings.Contains(s.stderr.String(), "requests had not ended, and their connections were closed: terminated signal received") {
		t.Errorf("it ended with %v: %s", err, s.stderr.String())
	}
}

// Clients that go, at whatever moment, keep no task from running.
func TestClientsThatGo(t *testing.T) {
	var runner runtime.Runner
	runner.Logger = quiet
	ran := make(chan string, 1)
	begun := make(chan struct{}, 1)
	mux := http.NewServeMux()
	for path, f := range map[string]func(http.ResponseWriter, *http.Request){
		"/before": func(w http.ResponseWriter, r *http.Request) { <-r.Context().Done() },
		"/during": func(w http.ResponseWriter, r *http.Request) {
			begun <- struct{}{}
			for range 1000 {
				if _, err := w.Write(make([]byte, 100_000)); err != nil {
					return
				}
			}
		},
		"/after": func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, "answer") },
	} {
		mux.Handle(path, plain(&runner, func(w http.ResponseWriter, r *http.Request, bg *runtime.BackgroundTasks) {
			bg.Add(does(func() { ran <- path }))
			f(w, r)
		}))
	}
	for _, hook := range []bool{true, false} {
		addr := listen(t, &runner, mux, hook)
		for _, path := range []string{"/before", "/during", "/after"} {
			c := dial(t, addr)
			c.send("GET " + path + " HTTP/1.1\r\nHost: test\r\n\r\n")
			switch path {
			case "/during":
				<-begun
			case "/after":
				c.response("GET")
			}
			c.Close()
			if got := <-ran; got != path {
				t.Errorf("%s ran in place of %s", got, path)
			}
		}
	}
}

// Server-sent events arrive while the handler runs, and tasks begin when the
// client has seen the last.
func TestServerSentEvents(t *testing.T) {
	for _, hook := range []bool{true, false} {
		var runner runtime.Runner
		next := make(chan struct{})
		ran := make(chan struct{})
		addr := listen(t, &runner, plain(&runner, func(w http.ResponseWriter, _ *http.Request, bg *runtime.BackgroundTasks) {
			bg.Add(does(func() { close(ran) }))
			w.Header().Set("Content-Type", "text/event-stream")
			for i := range 3 {
				fmt.Fprintf(w, "data: %d\n\n", i)
				if err := http.NewResponseController(w).Flush(); err != nil {
					t.Error(err)
				}
				<-next
			}
		}), hook)
		resp, err := http.Get("http://" + addr)
		if err != nil {
			t.Fatal(err)
		}
		lines := bufio.NewScanner(resp.Body)
		for i := range 3 {
			lines.Scan()
			if lines.Text() != fmt.Sprintf("data: %d", i) {
				t.Errorf("event %d is %q", i, lines.Text())
			}
			lines.Scan()
			select {
			case <-ran:
				t.Error("a task began before the last event")
			default:
			}
			next <- struct{}{}
		}
		resp.Body.Close()
		<-ran
	}
}

// TestServedConnection checks that a program can ask the sockets of a server that is
// followed what it can ask those of any other.
func TestServedConnection(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	asked := make(chan error, 1)
	server := &http.Server{Handler: http.NotFoundHandler(), ConnContext: func(ctx context.Context, c net.Conn) context.Context {
		raw, err := c.(syscall.Conn).SyscallConn()
		if err == nil {
			err = raw.Control(func(uintptr) {})
		}
		asked <- err
		return ctx
	}}
	ctx, end := context.WithCancel(t.Context())
	served := make(chan error)
	go func() { served <- runtime.ServeListener(ctx, server, l, new(runtime.Runner)) }()
	if _, err := http.Get("http://" + l.Addr().String()); err != nil {
		t.Fatal(err)
	}
	if err := <-asked; err != nil {
		t.Error(err)
	}
	end()
	if err := <-served; err != nil {
		t.Error(err)
	}
}
