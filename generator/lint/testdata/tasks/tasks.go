// Package tasks has mistakes, each beside something that only looks like one.
package tasks

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"mime/multipart"
	"net/http"
	"sync"

	"example.com/lint/conn"
	"github.com/bggen/bggen/runtime"
)

func work(context.Context, ...any) error { return nil }

func direct(w http.ResponseWriter, r *http.Request, bg *runtime.BackgroundTasks) {
	bg.Add(func(ctx context.Context) error {
		return work(ctx, r.URL.Path) // want `the task uses r, and the request is over when it runs`
	})
	bg.Add(func(ctx context.Context) error {
		_, err := io.WriteString(w, "x") // want `the task uses w, and the response is written when it runs`
		return err
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

func (j *job) run(context.Context) error { return nil }

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

func background(r *http.Request) {
	go func() { slog.Info("no handler of ours, and no data of the request") }()
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

// run is a task: its context is its own.
//
//bggen:task
func run(ctx context.Context, bg *runtime.BackgroundTasks) {
	bg.Add(func(context.Context) error { return work(ctx) })
}

func response(r *http.Request) runtime.Response[string] {
	var resp runtime.Response[string]
	resp.Add(func(ctx context.Context) error { return work(ctx, r) }) // want `the task uses r`
	return resp
}
