package main

import (
	"bytes"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// TestMain is the service where a test has asked for one.
func TestMain(m *testing.M) {
	if os.Getenv("CONDUIT") == "1" {
		main()
		return
	}
	os.Exit(m.Run())
}

// process is the service in a process of its own.
type process struct {
	*exec.Cmd
	output output
}

// output is what a process has written.
type output struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (o *output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.Write(p)
}

func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.String()
}

func start(t *testing.T, args ...string) *process {
	t.Helper()
	p := &process{Cmd: exec.Command(os.Args[0], args...)}
	p.Env = append(os.Environ(), "CONDUIT=1")
	p.Stdout, p.Stderr = &p.output, &p.output
	if err := p.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		p.Process.Kill()
		p.Wait()
		if t.Failed() {
			t.Logf("conduit %v\n%s", args, &p.output)
		}
	})
	return p
}

// eventually waits until ok is true.
func eventually(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for deadline := time.Now().Add(time.Minute); !ok(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("a minute has gone by, and not: %s", what)
		}
	}
}

// A mail is sent though the process is killed that has promised it; and a process
// that is told to stop does so in order.
func TestKill(t *testing.T) {
	listener, err := net.Listen("tcp", "localhost:0")
	if err != nil {
		t.Fatal(err)
	}
	addr := listener.Addr().String()
	listener.Close()
	file := filepath.Join(t.TempDir(), "conduit.db")

	web := start(t, "-db", file, "-addr", addr, "-role", "web")
	eventually(t, "the service answers", func() bool {
		answer, err := http.Get("http://" + addr + "/health")
		if err == nil {
			answer.Body.Close()
		}
		return err == nil
	})
	answer, err := http.Post("http://"+addr+"/api/users", "application/json",
		strings.NewReader(`{"user": {"username": "ann", "email": "ann@example.com", "password": "correct horse"}}`))
	if err != nil {
		t.Fatal(err)
	}
	answer.Body.Close()
	if answer.StatusCode != http.StatusCreated {
		t.Fatal(answer.Status)
	}
	web.Process.Kill()
	web.Wait()

	both := start(t, "-db", file, "-addr", addr)
	eventually(t, "the mail is sent", func() bool { return strings.Contains(both.output.String(), "Welcome to Conduit") })
	both.Process.Signal(os.Interrupt)
	if err := both.Wait(); err != nil {
		t.Error(err)
	}
}
