// Package tasks has mistakes, each beside something that only looks like one. // want package:"directed"
package tasks

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"mime/multipart"
	"net/http"
	"sync"
	"time"

	"example.com/lint/conn"
	"github.com/bggen/bggen/runtime"
)

func work(context.Context, ...any) error { return nil }

func read(context.Context, string) error { return nil }

func direct(w http.ResponseWriter, r *http.Request, bg *runtime.BackgroundTasks) {
	bg.Add(func(ctx context.Context) error {
		return work(ctx, r.URL.Path) // want `the task uses r, and the request is over when it runs`
	})
	bg.Add(func(ctx context.Context) error {
		_, err := io.WriteString(w, "x") // want `the task uses w, and the response is written when it runs`
		return err
	})
	bg.Add(func(ctx context.Context) error {
		return read(ctx, r.URL.Path) // want `the task uses r, and the request is over when it runs`
	})
	path, header := r.URL.Path, r.Header
	bg.Add(func(ctx context.Context) error { return work(ctx, path, header) })
	bg.Add(func(ctx context.Context) error {
		r, err := http.NewRequestWithContext(ctx, "GET", "/", nil) // another one
		return errors.Join(err, work(ctx, r))
	})
}

//bggen:route POST /a
func contexts(ctx context.Context, c *conn.Conn, f *conn.File, file *multipart.FileHeader, bg *runtime.BackgroundTasks) {
	bg.Add(func(context.Context) error {
		return work(ctx) // want `the task uses ctx, and the context of the request is cancelled when it runs: use the task's own context`
	})
	bg.Add(func(_ context.Context) error {
		return work(ctx) // want `use the task's own context`
	})
	bg.Add(func(task context.Context) error {
		return work(ctx) // want `use the task's own context`
	})
	bg.Add(func(ctx context.Context) error { return work(ctx) })
	detached := context.WithoutCancel(ctx)
	bg.Add(func(context.Context) error { return work(detached) })
	limited, cancel := context.WithCancel(ctx)
	defer cancel()
	bg.Add(func(context.Context) error { return work(limited) }) // want `the task uses limited`
	bg.Add(func(ctx context.Context) error {
		return work(context.Background()) // want `the task has a context of its own`
	})
	bg.Add(func(ctx context.Context) error { return c.Ping() }) // want `the task uses c, and what NewConn makes has been given back when it runs`
	bg.Add(func(ctx context.Context) error { return work(ctx, f) })
	bg.Add(func(ctx context.Context) error { return work(ctx, file) }) // want `the task uses file, and the files of the form are removed`
	name := file.Filename
	bg.Add(func(ctx context.Context) error { return work(ctx, name) })
}

type job struct {
	r    *http.Request
	name string
}

func (j *job) run(ctx context.Context) error { return work(ctx, j.r.Host) }

func newJob(r *http.Request) *job { return &job{r: r} }

func named(r *http.Request) *job { return &job{name: r.Host} }

func mail(r *http.Request) func(context.Context) error {
	return func(context.Context) error { return work(context.TODO(), r) }
}

func later(host string) func(context.Context) error {
	return func(context.Context) error { return nil }
}

func indirect(r *http.Request, bg *runtime.BackgroundTasks) {
	j := &job{r: r}
	bg.Add(j.run)                                                            // want `the task leads to what ends with the request: the request is over`
	bg.Add(func(ctx context.Context) error { return work(ctx, j) })          // want `the task uses j, and the request is over`
	bg.Add(newJob(r).run)                                                    // want `the task leads to`
	bg.Add(mail(r))                                                          // want `the task leads to`
	value := r.FormValue                                                     // a method of it
	bg.Add(func(ctx context.Context) error { return work(ctx, value("a")) }) // want `the task uses value`
	body := r.Body
	bg.Add(func(ctx context.Context) error { return work(ctx, body) }) // want `the task uses body`
	closure := func(ctx context.Context) error { return work(ctx, r) }
	bg.Add(closure) // want `the task leads to`

	bg.Add(named(r).run)
	bg.Add(later(r.Host))
	n := j.name
	bg.Add(func(ctx context.Context) error { return work(ctx, n) })
	fine := func(ctx context.Context) error { return work(ctx, n) }
	bg.Add(fine)
}

var last *runtime.BackgroundTasks

type service struct{ bg *runtime.BackgroundTasks }

var channel = make(chan *runtime.BackgroundTasks, 1)

func (s *service) keeps(r *http.Request, bg *runtime.BackgroundTasks) *service {
	last = bg                // want `the collector is kept in a variable of the package`
	s.bg = bg                // want `the collector is kept in a field`
	channel <- bg            // want `the collector is sent to a channel`
	mine := &service{bg: bg} // of this request
	mine.bg = bg
	return mine
}

func goroutines(r *http.Request, bg *runtime.BackgroundTasks) {
	host := r.Host
	go func() { work(context.Background(), r) }() // want `this goroutine uses r, and the request is over when the handler has returned: use Add`
	go work(r.Context())                          // want `this goroutine uses r.Context\(\), and the context of the request is cancelled`
	go func() { bg.Add(nil) }()                   // want `this goroutine uses bg`
	go func() { work(context.Background(), host) }()
	go func() { // want `this goroutine uses r`
		<-time.After(time.Second)
		work(r.Context())
	}()
}

func waitedFor(r *http.Request, bg *runtime.BackgroundTasks) {
	var wg sync.WaitGroup
	wg.Add(1)
	go func() { defer wg.Done(); work(r.Context(), r) }()
	wg.Wait()
	done := make(chan error, 1)
	go func() { done <- work(r.Context()) }()
	<-done
	over := make(chan struct{})
	defer close(over)
	go func() { // it ends with the handler
		select {
		case <-r.Context().Done():
		case <-over:
		}
	}()
}

type reader struct{ done chan bool }

func (p *reader) read(ctx context.Context) { defer close(p.done); work(ctx) }

// pumps is waited for by others, or waits itself.
func pumps(p *reader, w http.ResponseWriter, r *http.Request) {
	go p.read(r.Context())
	ctx, cancel := context.WithCancel(r.Context())
	go func() { defer cancel(); work(ctx) }()
}

func events(w http.ResponseWriter, r *http.Request) {
	list := make(chan string)
	go produce(r.Context(), list)
	for e := range list {
		io.WriteString(w, e)
	}
}

func produce(context.Context, chan string) {}

func hijacks(w http.ResponseWriter, r *http.Request) {
	w.(http.Hijacker).Hijack()
	go work(r.Context())
}

func background(r *http.Request) {
	go func() { slog.Info("no handler of ours, and no data of the request") }()
}

var table = map[string]http.HandlerFunc{
	"/": func(w http.ResponseWriter, r *http.Request) {
		runtime.FromContext(r.Context()).Add(func(ctx context.Context) error { return work(ctx, r) }) // want `the task uses r`
		go work(r.Context())                                                                          // want `this goroutine uses r.Context\(\)`
	},
}

// upload is a parameter struct.
type upload struct {
	File  *multipart.FileHeader   `form:"file"`
	Files []*multipart.FileHeader `form:"files"`
	Name  string                  `form:"name"`
}

//bggen:route POST /d
func uploads(u upload, list []*multipart.FileHeader, bg *runtime.BackgroundTasks) {
	bg.Add(func(ctx context.Context) error { return work(ctx, u.File) }) // want `the task uses u.File, and the files of the form are removed`
	for _, f := range u.Files {
		bg.Add(func(ctx context.Context) error { return work(ctx, f) }) // want `the task uses f, and the files`
	}
	bg.Add(func(ctx context.Context) error { return work(ctx, list[0]) }) // want `the task uses list`
	bg.Add(func(ctx context.Context) error { return work(ctx, u.Name) })
}

//bggen:route POST /e
func raw(body io.Reader, bg *runtime.BackgroundTasks) {
	bg.Add(func(ctx context.Context) error { return work(ctx, body) }) // want `the task uses body, and the request is over`
}

func assigned(ctx context.Context, url string, r *http.Request, bg *runtime.BackgroundTasks) {
	ctx = context.WithoutCancel(ctx)
	bg.Add(func(context.Context) error { return work(ctx) })
	clone := r.Clone(context.WithoutCancel(r.Context()))
	bg.Add(func(ctx context.Context) error { return work(ctx, clone) })
	r, err := http.NewRequest("POST", url, nil)
	bg.Add(func(ctx context.Context) error { return errors.Join(err, work(ctx, r)) })
	if flusher, ok := http.ResponseWriter(nil).(http.Flusher); ok {
		bg.Add(func(ctx context.Context) error { return work(ctx, flusher) })
	}
}

func asserted(w http.ResponseWriter, bg *runtime.BackgroundTasks) {
	if flusher, ok := w.(http.Flusher); ok {
		bg.Add(func(ctx context.Context) error { return work(ctx, flusher) }) // want `the task uses flusher, and the response is written`
	}
	bg.Add(runtime.TaskFunc(func(ctx context.Context) error { return work(ctx, w) })) // want `the task uses w`
}

type event struct {
	ctx context.Context
	id  string
}

func copies(r *http.Request, bg *runtime.BackgroundTasks) {
	e := event{ctx: r.Context(), id: r.Host}
	bg.Add(func(ctx context.Context) error { return work(ctx, e.id) })
	bg.Add(func(ctx context.Context) error { return work(ctx, e) }) // want `the task uses e`
}

// dial is called by anybody, with a connection of theirs.
func dial(c *conn.Conn, bg *runtime.BackgroundTasks) {
	bg.Add(func(ctx context.Context) error { return c.Ping() })
}

func ownContexts(bg *runtime.BackgroundTasks) {
	bg.Add(func(ctx context.Context) error {
		stop := context.AfterFunc(ctx, func() { work(context.Background()) })
		defer stop()
		defer work(context.Background())
		return nil
	})
	bg.Add(func(ctx context.Context) error {
		if ctx.Err() != nil {
			return work(context.Background())
		}
		return nil
	})
}

type tree []tree

func recursive(bg *runtime.BackgroundTasks) {
	t := tree{}
	bg.Add(func(ctx context.Context) error { return work(ctx, t) })
}

type options struct{ bg *runtime.BackgroundTasks }

func (o options) with(bg *runtime.BackgroundTasks) options {
	o.bg = bg
	return o
}

func errorsDropped(bg *runtime.BackgroundTasks) {
	bg.Add(func(ctx context.Context) error {
		work(ctx) // want `the task drops this error`
		return nil
	})
	bg.Add(func(ctx context.Context) error {
		_ = work(ctx) // on purpose
		return nil
	})
	bg.Add(func(ctx context.Context) error {
		if err := work(ctx); err != nil {
			return err
		}
		slog.Info("done")
		return nil
	})
}

// run is a task: its context ends with its timeout, before what it adds has run.
//
//bggen:task
func run(ctx context.Context, bg *runtime.BackgroundTasks) error {
	bg.Add(func(context.Context) error { return work(ctx) }) // want `the task uses ctx, and the context of who adds it may be cancelled`
	return work(ctx)
}

func response(r *http.Request) runtime.Response[string] {
	var resp runtime.Response[string]
	resp.Add(func(ctx context.Context) error { return work(ctx, r) }) // want `the task uses r`
	return resp
}

// A request that somebody else makes, or made here, is not the one that is over.
func others(url string, r *http.Request, bg *runtime.BackgroundTasks) error {
	request, err := http.NewRequest("POST", url, nil)
	if err != nil {
		return err
	}
	bg.Add(func(ctx context.Context) error { return work(ctx, request) })
	file, header, err := r.FormFile("picture")
	bg.Add(func(ctx context.Context) error { return work(ctx, file) }) // want `the task uses file, and the files of the form are removed`
	size := header.Size
	bg.Add(func(ctx context.Context) error { return work(ctx, size) })
	return err
}

// middleware adds tasks to the collector that Collect has made.
func middleware(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		runtime.FromContext(r.Context()).Add(func(context.Context) error {
			return work(r.Context()) // want `the task uses r.Context\(\), and the context of the request is cancelled when it runs: use the task.s own context`
		})
		path := r.URL.Path
		runtime.FromContext(r.Context()).Add(func(ctx context.Context) error { return work(ctx, path, next) })
		go work(r.Context()) // want `this goroutine uses r.Context\(\)`
		go work(context.Background(), path)
		next.ServeHTTP(w, r)
	})
}

// consume is a unit of work without a request.
func consume(ctx context.Context, runner *runtime.Runner) error {
	return runner.Do(ctx, func(bg *runtime.BackgroundTasks) error {
		bg.Add(func(context.Context) error {
			return work(ctx) // want `the task uses ctx, and the context of who adds it may be cancelled when it runs: use the task's own context`
		})
		values := context.WithoutCancel(ctx)
		bg.Add(func(context.Context) error { return work(values) })
		bg.Add(func(ctx context.Context) error {
			bg.Add(func(context.Context) error {
				return work(ctx) // want `the task uses ctx, and the context of who adds it may be cancelled`
			})
			return nil
		})
		return work(ctx)
	})
}

func timers(r *http.Request, bg *runtime.BackgroundTasks) {
	time.AfterFunc(time.Second, func() { bg.Add(nil) })              // want `this goroutine uses bg`
	context.AfterFunc(r.Context(), func() { slog.Info(r.URL.Path) }) // want `this goroutine uses r, and the request is over`
	stop := context.AfterFunc(r.Context(), func() { slog.Info(r.URL.Path) })
	defer stop()
	host := r.Host
	time.AfterFunc(time.Second, func() { slog.Info(host) })
}

// env is what a provider makes of a request.
type env struct {
	request *http.Request
	conn    *conn.Conn
	user    string
}

//bggen:provide
func newEnv(r *http.Request, c *conn.Conn) *env { return &env{r, c, r.Host} }

type lease struct{}

// app lives as long as the program, and so does its connection.
type app struct{ conn *conn.Conn }

//bggen:route POST /c
func (a *app) mine(b *app, bg *runtime.BackgroundTasks) {
	bg.Add(func(ctx context.Context) error { return errors.Join(a.conn.Ping(), b.conn.Ping()) })
}

//bggen:provide hold
func held(ctx context.Context, bg *runtime.BackgroundTasks) (*lease, func()) {
	bg.Add(func(context.Context) error { return work(ctx) }) // the context of the tasks
	return nil, func() {}
}

func newJobs(r *http.Request) (string, *job, error) { return r.Host, &job{r: r}, nil }

func several(r *http.Request, bg *runtime.BackgroundTasks) {
	host, j, err := newJobs(r)
	bg.Add(func(ctx context.Context) error { return work(ctx, host, err) })
	bg.Add(func(ctx context.Context) error { return work(ctx, j) }) // want `the task uses j, and the request is over`
}

//bggen:route POST /b
func fields(e *env, bg *runtime.BackgroundTasks) {
	bg.Add(func(ctx context.Context) error { return work(ctx, e.request) })       // want `the task uses e.request, and the request is over`
	bg.Add(func(ctx context.Context) error { return errors.Join(e.conn.Ping()) }) // want `the task uses e.conn, and what NewConn makes has been given back`
	bg.Add(func(ctx context.Context) error { return work(ctx, e.user) })
	request := e.request
	bg.Add(func(ctx context.Context) error { return work(ctx, request) }) // want `the task uses request`
	local := &env{user: e.user}
	bg.Add(func(ctx context.Context) error { return work(ctx, local.request) })
}
