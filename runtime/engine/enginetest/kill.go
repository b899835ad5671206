package enginetest

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/bggen/bggen/runtime"
	"github.com/bggen/bggen/runtime/engine"
)

// Clients make requests, and keep the ids of those that were answered with 2xx.
type clients struct {
	mu       sync.Mutex
	accepted []string
	answers  map[int]int // how often which status
	silent   atomic.Int64
	count    atomic.Int64
}

// request makes one request. It reports whether there was an answer.
func (c *clients) request(client *http.Client, url string) bool {
	id := fmt.Sprint("id", c.count.Add(1))
	answer, err := client.Post(url+"?id="+id, "", nil)
	if err != nil {
		c.silent.Add(1)
		return false
	}
	answer.Body.Close()
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.answers == nil {
		c.answers = map[int]int{}
	}
	c.answers[answer.StatusCode]++
	if answer.StatusCode/100 == 2 {
		c.accepted = append(c.accepted, id)
	}
	return true
}

// run makes requests from a few clients until over is closed or there is no
// answer. The returned function waits for that.
func (c *clients) run(url string, over <-chan struct{}) (wait func()) {
	var group sync.WaitGroup
	for range 3 {
		group.Go(func() {
			client := &http.Client{Transport: new(http.Transport), Timeout: patience}
			defer client.CloseIdleConnections()
			for c.request(client, url) {
				select {
				case <-over:
					return
				default:
				}
			}
		})
	}
	return group.Wait
}

// awaitFirst waits until a request was accepted, so that there is something to lose.
func (c *clients) awaitFirst(t testing.TB) {
	t.Helper()
	for deadline := time.Now().Add(patience); ; time.Sleep(5 * time.Millisecond) {
		c.mu.Lock()
		n := len(c.accepted)
		c.mu.Unlock()
		if n > 0 {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("nothing was accepted within %v", patience)
		}
	}
}

// randomMoment waits for one.
func randomMoment() { time.Sleep(rand.N(120 * time.Millisecond)) }

// crashes is the name, for Options.Unlike, of what is looked at in all tests
// that kill: the attempts of a task are those that it has failed in.
const crashes = "attempts after a crash"

func newLedger(t testing.TB) ledger { return ledger(filepath.Join(t.TempDir(), "ledger")) }

// wantAll waits until all that was accepted has run.
func (c *clients) wantAll(t testing.TB, o *Options, l ledger) {
	t.Helper()
	if len(c.accepted) == 0 {
		t.Fatalf("nothing was accepted: answers by their status: %v", c.answers)
	}
	began := time.Now()
	r := toll{test: t.Name(), broken: kills(), accepted: len(c.accepted), silent: int(c.silent.Load())}
	for status, n := range c.answers {
		if status/100 != 2 {
			r.refused += n
		}
	}
	defer func() { r.add() }()
	for {
		missing, again, wrong := l.missing(c.accepted)
		r.lost, r.again, r.last = len(missing), again, time.Since(began)
		if len(missing) == 0 {
			if wrong > 0 && o.Unlike[crashes] == "" {
				t.Errorf("%d runs after a crash were counted as if the task had failed", wrong)
			}
			t.Logf("%d killed; %d accepted, all of them ran, %d times one ran again; the last %v after the end; answers: %v",
				kills(), len(c.accepted), again, time.Since(began).Round(time.Millisecond), c.answers)
			return
		}
		if time.Since(began) > o.Recovery {
			t.Fatalf("%d of %d that were accepted have not run within %v: %.10v", len(missing), len(c.accepted), o.Recovery, missing)
		}
		time.Sleep(20 * time.Millisecond) // nothing tells when another process writes
	}
}

// testKillWeb kills the process that accepts requests, between the answer and
// the task for one. Another one works afterwards.
func testKillWeb(t *testing.T, o *Options) {
	p := newProcess(t, o)
	l, c := newLedger(t), new(clients)
	for range kills() {
		web := startChild(t, "web", p.address, l)
		wait := c.run("http://"+web.ready+"/", nil)
		randomMoment()
		web.kill()
		wait()
	}
	registerNoted(p.runner, l)
	p.work()
	c.wantAll(t, o, l)
}

// testKillWorker kills the process that works, in the middle of tasks.
func testKillWorker(t *testing.T, o *Options) {
	p := newProcess(t, o)
	if _, ok := p.engine.(engine.Worker); !ok {
		t.Skip("the engine runs nothing in this process")
	}
	l, c := newLedger(t), new(clients)
	server := httptest.NewServer(acceptor(p.runner, registerNoted(p.runner, l)))
	defer server.Close()
	client := server.Client()
	for range kills() {
		for range 20 {
			c.request(client, server.URL)
		}
		worker := startChild(t, "worker", p.address, l)
		randomMoment()
		worker.kill()
	}
	missing, _, _ := l.missing(c.accepted)
	t.Logf("%d of %d had not run when the last worker was killed", len(missing), len(c.accepted))
	p.work()
	c.wantAll(t, o, l)
}

// testKillOnlyOne kills the process that works, in the middle of a task that no
// other process knows. The task waits for one that does.
func testKillOnlyOne(t *testing.T, o *Options) {
	p := newProcess(t, o)
	if _, ok := p.engine.(engine.Worker); !ok {
		t.Skip("the engine runs nothing in this process")
	}
	call := engine.Call{ID: "CCCCCCCCCCCCCCCCCCCCCCCCC2", Name: stuck, Args: json.RawMessage(`{}`), Attempts: 1}
	if err := p.engine.Enqueue(within(t), []engine.Call{call}); err != nil {
		t.Fatal(err)
	}
	l := newLedger(t)
	worker := startChild(t, "worker", p.address, l)
	l.await(t, stuck)
	worker.kill()

	stop := p.work()
	p.awaitWithin(o.Recovery, runtime.ParseTaskID(call.ID), engine.Queued)
	stop()
	knows := openProcess(t, o, p.address)
	task := newProbe[struct{}](knows, stuck, nil)
	knows.work()
	if r := task.nextWithin(o.Recovery); r.attempt != 1 && o.Unlike[crashes] == "" {
		t.Errorf("it runs in attempt %d", r.attempt)
	}
}

// testKillServer kills the server, while requests are made and tasks run.
func testKillServer(t *testing.T, o *Options) {
	if o.Server == nil {
		t.Skip("there is no server to kill")
	}
	s := o.Server(t)
	p := openProcess(t, o, s.Address)
	l, c := newLedger(t), new(clients)
	server := httptest.NewServer(acceptor(p.runner, registerNoted(p.runner, l)))
	defer server.Close()
	p.work()
	over := make(chan struct{})
	wait := c.run(server.URL, over)
	c.awaitFirst(t)
	for range kills() {
		randomMoment()
		s.Kill(t)
		randomMoment()
		s.Start(t)
	}
	close(over)
	wait()
	c.wantAll(t, o, l)
}
