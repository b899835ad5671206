package runtime_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	goruntime "runtime"
	"slices"
	"strings"
	"testing"

	"github.com/bggen/bggen/runtime"
	"github.com/bggen/bggen/runtime/adapter"
	"github.com/bggen/bggen/runtime/adapter/jsonbody"
)

func TestCollect(t *testing.T) {
	runner := &runtime.Runner{Logger: quiet}
	var j journal
	mux := http.NewServeMux()
	mux.Handle("/ok", adds(runner, func(bg *runtime.BackgroundTasks) { bg.Add(j.noting("handler")) }))
	mux.Handle("/fails", failing(runner, func(_ http.ResponseWriter, _ *http.Request, bg *runtime.BackgroundTasks) error {
		bg.Add(j.noting("handler"))
		bg.Add(j.noting("handler's failure"), runtime.OnFailure())
		return errOnPurpose
	}))
	mux.Handle("/panics", plain(runner, func(http.ResponseWriter, *http.Request, *runtime.BackgroundTasks) { panic(errOnPurpose) }))
	mux.HandleFunc("/plain", func(_ http.ResponseWriter, r *http.Request) {
		runtime.FromContext(r.Context()).Add(j.noting("plain"))
	})
	middleware := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		bg := runtime.FromContext(r.Context())
		bg.Add(j.noting("before"))
		bg.Add(j.noting("audit"), runtime.Always())
		mux.ServeHTTP(w, r)
		bg.Add(j.noting("after"))
	})
	handler := runtime.Collect(runner, middleware)
	for path, want := range map[string][]string{
		"/ok":     {"before", "audit", "handler", "after"},
		"/fails":  {"audit", "handler's failure", "after"},
		"/panics": {"audit"},
		"/plain":  {"before", "audit", "plain", "after"},
	} {
		t.Run(path[1:], func(t *testing.T) {
			j.lines = nil
			func() {
				defer func() { recover() }()
				handler.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", path, nil))
			}()
			idle(t, runner)
			j.want(t, want...)
		})
	}
	if runtime.FromContext(t.Context()) != nil {
		t.Error("there is a collector where nobody collects")
	}
	if s := runner.Stats(); s.Slots != 0 {
		t.Errorf("%+v", s)
	}
}

// A failure to enqueue fails the request of the adapter, and not those after it.
func TestCollectAndAnUnknownTask(t *testing.T) {
	runner := &runtime.Runner{Logger: quiet}
	unknown := adapter.NewTaskDef[noArgs]("test.unknown")
	handler := runtime.Collect(runner, adds(runner, func(bg *runtime.BackgroundTasks) { unknown.Enqueue(bg, noArgs{}, nil) }))
	if w := serveOnce(t, runner, handler); w.Code != 500 {
		t.Errorf("the answer is %d", w.Code)
	}
}

func TestCollectWithoutRoom(t *testing.T) {
	runner := &runtime.Runner{Queue: 1, Wait: -1}
	release := make(chan struct{})
	get(adds(runner, func(bg *runtime.BackgroundTasks) { bg.Add(does(func() { <-release })) }))
	w := get(runtime.Collect(runner, http.NotFoundHandler()))
	if w.Code != 503 || w.Header().Get("Retry-After") == "" {
		t.Errorf("the answer is %d %v", w.Code, w.Header())
	}
	close(release)
	idle(t, runner)
}

// On the wire, with and without the hook and in HTTP/2: no task begins before the
// client has all of the response.
func TestCollectOnTheWire(t *testing.T) {
	for _, kind := range []string{"hook", "flush", "HTTP/2"} {
		t.Run(kind, func(t *testing.T) {
			runner := &runtime.Runner{Logger: quiet}
			began := make(chan struct{}, 1)
			read := make(chan struct{})
			adapter := adds(runner, func(bg *runtime.BackgroundTasks) {
				bg.Add(func(context.Context) error { <-read; began <- struct{}{}; return nil })
			})
			handler := runtime.Collect(runner, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				io.WriteString(w, strings.Repeat("x", 10_000))
				adapter.ServeHTTP(w, r)
				io.WriteString(w, "end")
			}))
			server := httptest.NewUnstartedServer(handler)
			if kind == "hook" {
				runner.Attach(server.Config)
			}
			server.EnableHTTP2 = kind == "HTTP/2"
			if server.EnableHTTP2 {
				server.StartTLS()
			} else {
				server.Start()
			}
			defer server.Close()
			resp, err := server.Client().Get(server.URL)
			if err != nil {
				t.Fatal(err)
			}
			body, err := io.ReadAll(resp.Body) // the task waits for this, and would never end otherwise
			resp.Body.Close()
			if err != nil || !bytes.HasSuffix(body, []byte("xend")) || len(body) != 10_003 {
				t.Errorf("%d bytes, %v", len(body), err)
			}
			close(read)
			<-began
		})
	}
}

// The bodies of requests whose tasks are pending are not held, though each task
// keeps a short value of one.
func TestPendingTasksHoldNoBodies(t *testing.T) {
	type message struct{ Name, Filler string }
	messageBody := jsonbody.Body[message]{
		Shape: jsonbody.Object(jsonbody.Field("Name", jsonbody.String()), jsonbody.Field("Filler", jsonbody.String())),
	}
	filler := strings.Repeat("x", 1<<20-100)
	for kind, h := range map[string]func(*runtime.Runner, chan struct{}) http.Handler{
		"json": func(runner *runtime.Runner, release chan struct{}) http.Handler {
			return adapter.NewWithTasks("test.json", runner, nil, func(x *adapter.Exchange) error {
				if err := x.Ready(); err != nil {
					return err
				}
				body := adapter.JSONBody(x, &messageBody)
				name := body.Name
				x.Tasks().Add(func(context.Context) error { <-release; _ = name; return nil })
				return errorOr(x.Bound(), adapter.NoContent(x, 204))
			})
		},
		"form": func(runner *runtime.Runner, release chan struct{}) http.Handler {
			return adapter.NewWithTasks("test.form", runner, nil, func(x *adapter.Exchange) error {
				if err := x.Ready(); err != nil {
					return err
				}
				name := adapter.Required[string](x.Form("name"))
				x.Tasks().Add(func(context.Context) error { <-release; _ = name; return nil })
				return errorOr(x.Bound(), adapter.NoContent(x, 204))
			})
		},
	} {
		t.Run(kind, func(t *testing.T) {
			runner := &runtime.Runner{Logger: quiet}
			release := make(chan struct{})
			handler := h(runner, release)
			before := heapInUse()
			for i := range 100 {
				body := fmt.Sprintf(`{"Name":"n%d","Filler":%q}`, i, filler)
				r := httptest.NewRequest("POST", "/", strings.NewReader(body))
				r.Header.Set("Content-Type", "application/json")
				if kind == "form" {
					r = httptest.NewRequest("POST", "/", strings.NewReader(fmt.Sprintf("name=n%d&filler=%s", i, filler)))
					r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
				}
				w := httptest.NewRecorder()
				handler.ServeHTTP(w, r)
				if w.Code != 204 {
					t.Fatalf("%d %s", w.Code, w.Body)
				}
			}
			if held := heapInUse() - before; held > 10<<20 {
				t.Errorf("100 pending tasks hold %d KiB", held>>10)
			}
			close(release)
			idle(t, runner)
		})
	}
}

func errorOr(errs ...error) error {
	i := slices.IndexFunc(errs, func(err error) bool { return err != nil })
	if i < 0 {
		return nil
	}
	return errs[i]
}

func heapInUse() int64 {
	goruntime.GC()
	goruntime.GC() // the first one keeps what is in a sync.Pool
	var m goruntime.MemStats
	goruntime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

// What is added where there is no collector is lost, and said.
func TestFromContextWithoutCollect(t *testing.T) {
	var log bytes.Buffer
	before := slog.Default()
	slog.SetDefault(slog.New(slog.NewTextHandler(&log, nil)))
	defer slog.SetDefault(before)
	bg := runtime.FromContext(t.Context())
	if bg != nil {
		t.Fatal("there is a collector")
	}
	bg.Add(func(context.Context) error { return nil })
	bg.Add(func(context.Context) error { return nil }, runtime.Named("report"))
	bg.Clear()
	bg.StopOnFailure()
	if bg.Len() != 0 || bg.StoreIn(t.Context(), nil) != nil {
		t.Error("something was kept")
	}
	if got := log.String(); strings.Count(got, "runtime.Collect") != 2 || !strings.Contains(got, "collect_test.go:") || !strings.Contains(got, "task=report") {
		t.Error(got)
	}
}
