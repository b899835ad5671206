package main

import (
	"bytes"
	"cmp"
	"encoding/json"
	"flag"
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

	metrics "go.opentelemetry.io/proto/otlp/collector/metrics/v1"
	traces "go.opentelemetry.io/proto/otlp/collector/trace/v1"
	tracepb "go.opentelemetry.io/proto/otlp/trace/v1"
	"google.golang.org/protobuf/proto"
)

var picture = flag.String("picture", "", "file to draw the trace to")

// TestMain is the shop where a test has asked for one.
func TestMain(m *testing.M) {
	if os.Getenv("SHOP") == "1" {
		main()
		return
	}
	os.Exit(m.Run())
}

// start starts a process of the shop, and returns how it is ended: by the signal
// that ends it in order.
func start(t *testing.T, args ...string) (stop func()) {
	t.Helper()
	var out bytes.Buffer
	shop := exec.Command(os.Args[0], args...)
	shop.Env = append(os.Environ(), "SHOP=1")
	shop.Stdout, shop.Stderr = &out, &out
	if err := shop.Start(); err != nil {
		t.Fatal(err)
	}
	stop = sync.OnceFunc(func() {
		shop.Process.Signal(os.Interrupt)
		if err := shop.Wait(); err != nil {
			t.Errorf("shop %v: %v", args, err)
		}
		if t.Failed() {
			t.Logf("shop %v\n%s", args, &out)
		}
	})
	t.Cleanup(stop)
	return stop
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

// An order whose receipt cannot be sent, with web and worker as two processes:
// the page of one tells what has failed in the other, and the collector has one
// trace of both.
func TestWebAndWorker(t *testing.T) {
	listener, err := net.Listen("tcp", "localhost:0")
	if err != nil {
		t.Fatal(err)
	}
	addr := listener.Addr().String()
	listener.Close()
	collector := newCollector(t)
	flags := []string{"-db", filepath.Join(t.TempDir(), "shop.db"), "-otlp", collector.url}
	stopWeb := start(t, append(flags, "-role", "web", "-addr", addr)...)
	eventually(t, "the shop answers", func() bool {
		answer, err := http.Get("http://" + addr + "/products/1")
		if err == nil {
			answer.Body.Close()
		}
		return err == nil
	})
	stopWorker := start(t, append(flags, "-role", "worker")...)

	request, _ := http.NewRequest("POST", "http://"+addr+"/orders", strings.NewReader(`{"lines": [{"product": 2, "quantity": 1}]}`))
	request.Header = http.Header{"Authorization": {"Bearer bob"}, "Content-Type": {"application/json"}}
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	answer.Body.Close()
	if answer.StatusCode != http.StatusCreated {
		t.Fatal(answer.Status)
	}
	eventually(t, "the page shows the receipt that could not be sent", func() bool { return failed(t, addr) == "github.com/bggen/bggen/examples/shop/shop.SendReceipt" })
	stopWorker()
	stopWeb()
	collector.check(t)
}

// failed is the names of the tasks that have failed for good, in any process, as
// the page has them.
func failed(t *testing.T, addr string) string {
	t.Helper()
	answer, err := http.Get("http://" + addr + "/tasks/list.json?stage=failed&engine=river")
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	var list struct{ Tasks []struct{ Name string } }
	if err := json.NewDecoder(answer.Body).Decode(&list); err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, task := range list.Tasks {
		names = append(names, task.Name)
	}
	return strings.Join(names, " ")
}

// A collector has what was sent to it.
type collector struct {
	url     string
	mu      sync.Mutex
	spans   []span
	metrics map[string]bool
}

// A span is one of a service.
type span struct {
	*tracepb.Span
	service string
}

func newCollector(t *testing.T) *collector {
	c := &collector{metrics: map[string]bool{}}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err == nil {
			err = c.take(r.URL.Path, body)
		}
		if err != nil {
			t.Error(err)
		}
		w.Header().Set("Content-Type", "application/x-protobuf")
	}))
	t.Cleanup(server.Close)
	c.url = server.URL
	return c
}

func (c *collector) take(path string, body []byte) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if path == "/v1/metrics" {
		var sent metrics.ExportMetricsServiceRequest
		if err := proto.Unmarshal(body, &sent); err != nil {
			return err
		}
		for _, r := range sent.ResourceMetrics {
			for _, s := range r.ScopeMetrics {
				for _, m := range s.Metrics {
					c.metrics[m.Name] = true
				}
			}
		}
		return nil
	}
	var sent traces.ExportTraceServiceRequest
	if err := proto.Unmarshal(body, &sent); err != nil {
		return err
	}
	for _, r := range sent.ResourceSpans {
		service := r.Resource.Attributes[0].Value.GetStringValue()
		for _, s := range r.ScopeSpans {
			for _, x := range s.Spans {
				c.spans = append(c.spans, span{x, service})
			}
		}
	}
	return nil
}

// check looks at the trace of the order.
func (c *collector) check(t *testing.T) {
	c.mu.Lock()
	defer c.mu.Unlock()
	i := slices.IndexFunc(c.spans, func(s span) bool { return s.Name == "POST /orders" })
	if i < 0 {
		t.Fatalf("no span is that of the order: %v", c.spans)
	}
	request := c.spans[i]
	trace := slices.DeleteFunc(slices.Clone(c.spans), func(s span) bool { return !bytes.Equal(s.TraceId, request.TraceId) })
	slices.SortFunc(trace, func(a, b span) int { return cmp.Compare(a.StartTimeUnixNano, b.StartTimeUnixNano) })
	count := map[string]int{}
	for _, s := range trace {
		name := s.Name[strings.LastIndex(s.Name, "/")+1:]
		count[s.service+" "+name]++
		failed := s.Status.GetCode() == tracepb.Status_STATUS_CODE_ERROR
		if failed != (name == "shop.SendReceipt") {
			t.Errorf("%s has failed: %t", name, failed)
		}
		if name == "shop.SendReceipt" && !bytes.Equal(s.ParentSpanId, request.SpanId) {
			t.Errorf("%s is not a child of the request", name)
		}
	}
	for name, want := range map[string]int{
		"shop-web orders": 1, "shop-worker shop.SendReceipt": 3, "shop-worker shop.AlertLowStock": 1, "shop-worker shop.SendMail": 1,
	} {
		if count[name] != want {
			t.Errorf("%d spans are %s, want %d; there are %v", count[name], name, want, count)
		}
	}
	for _, name := range []string{"messaging.process.duration", "bggen.task.wait_time", "bggen.engine.task.count", "http.server.request.duration"} {
		if !c.metrics[name] {
			t.Errorf("there is no metric %s", name)
		}
	}
	if *picture != "" {
		if err := os.WriteFile(*picture, draw(trace), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}
