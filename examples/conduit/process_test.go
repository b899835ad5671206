package main

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
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

// start starts a process with an environment of its own beside that of the test.
func start(t *testing.T, env []string, args ...string) *process {
	t.Helper()
	p := &process{Cmd: exec.Command(os.Args[0], args...)}
	p.Env = append(append(os.Environ(), "CONDUIT=1"), env...)
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
	// Not so often that the service, which takes 600 requests a minute, refuses them.
	for deadline := time.Now().Add(time.Minute); !ok(); time.Sleep(250 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("a minute has gone by, and not: %s", what)
		}
	}
}

// stop ends a process by the signal that ends it in order.
func (p *process) stop(t *testing.T) {
	t.Helper()
	p.Process.Signal(os.Interrupt)
	if err := p.Wait(); err != nil {
		t.Error(err)
	}
}

// startWeb starts a process that answers requests and leaves tasks to others.
func startWeb(t *testing.T, env []string, args ...string) (web *process, url string) {
	t.Helper()
	listener, err := net.Listen("tcp", "localhost:0")
	if err != nil {
		t.Fatal(err)
	}
	addr := listener.Addr().String()
	listener.Close()
	web = start(t, env, append(args, "-role", "web", "-addr", addr)...)
	eventually(t, "the service answers", func() bool {
		answer, err := http.Get("http://" + addr + "/health")
		if err == nil {
			answer.Body.Close()
		}
		return err == nil
	})
	return web, "http://" + addr
}

// signUp makes an account, whose user is to be sent a mail.
func signUp(t *testing.T, url, email, traceparent string) {
	t.Helper()
	body := fmt.Sprintf(`{"user": {"username": "ann", "email": %q, "password": "correct horse"}}`, email)
	r, err := http.NewRequestWithContext(t.Context(), "POST", url+"/api/users", strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Traceparent", traceparent)
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	answer.Body.Close()
	if answer.StatusCode != http.StatusCreated {
		t.Fatal(answer.Status)
	}
}

// A mail is sent though the process is killed that has promised it; and a process
// that is told to stop does so in order.
func TestKill(t *testing.T) {
	file := filepath.Join(t.TempDir(), "conduit.db")
	web, url := startWeb(t, nil, "-db", file)
	signUp(t, url, "ann@example.com", "")
	web.Process.Kill()
	web.Wait()

	both := start(t, nil, "-db", file, "-addr", "localhost:0")
	eventually(t, "the mail is sent", func() bool { return strings.Contains(both.output.String(), "Welcome to Conduit") })
	both.stop(t)
}

// A mail that cannot be sent, with web and worker as two processes: the page of one
// tells what has failed in the other, and the collector is told of one trace by both.
func TestWebAndWorker(t *testing.T) {
	for name, tasks := range map[string]func(*testing.T) string{
		"the database": func(*testing.T) string { return "" },
		"PostgreSQL":   postgresDatabase,
		"Redis":        redisDatabase,
	} {
		t.Run(name, func(t *testing.T) {
			flags := []string{"-db", filepath.Join(t.TempDir(), "conduit.db"), "-tasks", tasks(t)}
			told := newCollector(t)
			env := []string{"OTEL_EXPORTER_OTLP_ENDPOINT=" + told.url, "CONDUIT_ADMIN_PASSWORD=secret"}
			web, url := startWeb(t, env, flags...)
			worker := start(t, env, append(flags, "-role", "worker")...)

			const trace = "0af7651916cd43dd8448eb211c80319c"
			signUp(t, url, "ann@example.invalid", "00-"+trace+"-b7ad6b7169203331-01")
			eventually(t, "the page shows the mail that could not be sent", func() bool {
				return strings.Contains(tasksPage(t, url, "retrying")+tasksPage(t, url, "failed"), "450 ann@example.invalid")
			})
			worker.stop(t)
			web.stop(t)

			id, _ := hex.DecodeString(trace)
			told.want(t, "/v1/traces", "conduit-web", "POST /api/users", string(id))
			told.want(t, "/v1/traces", "conduit-worker", "run github.com/bggen/bggen/examples/conduit/mails.Send", string(id))
			told.want(t, "/v1/metrics", "conduit-web", "http.server.request.duration", "bggen.engine.task.count")
			told.want(t, "/v1/metrics", "conduit-worker", "messaging.process.duration", "bggen.task.wait_time")
		})
	}
}

// tasksPage is a list of the page of the tasks.
func tasksPage(t *testing.T, url, stage string) string {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), "GET", url+"/admin/tasks/list.json?stage="+stage, nil)
	if err != nil {
		t.Fatal(err)
	}
	r.SetBasicAuth("admin", "secret")
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil || answer.StatusCode != http.StatusOK {
		t.Fatal(answer.Status, err)
	}
	return string(text)
}

// collector keeps what the exporters of OpenTelemetry have sent, in Protocol Buffers,
// where a text is as it is.
type collector struct {
	url  string
	mu   sync.Mutex
	sent map[string][]string // by the path
}

func newCollector(t *testing.T) *collector {
	c := &collector{sent: map[string][]string{}}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		c.mu.Lock()
		defer c.mu.Unlock()
		c.sent[r.URL.Path] = append(c.sent[r.URL.Path], string(body))
		w.Header().Set("Content-Type", "application/x-protobuf")
	}))
	t.Cleanup(server.Close)
	c.url = server.URL
	return c
}

// want fails the test unless something that was sent to a path has all of these texts.
func (c *collector) want(t *testing.T, path string, texts ...string) {
	t.Helper()
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, body := range c.sent[path] {
		if !slices.ContainsFunc(texts, func(text string) bool { return !strings.Contains(body, text) }) {
			return
		}
	}
	t.Errorf("nothing that was sent to %s has all of %q", path, texts)
}
