// Package services is code of services without a mistake. // want package:"directed" package:"answers: "
package services

import (
	"bufio"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"mime/multipart"
	"net/http"
	"net/http/httptrace"
	"net/http/httputil"
	"sync"
	"sync/atomic"
	"time"

	"github.com/bggen/bggen/runtime"
)

func use(ctx context.Context, v ...any) error { return ctx.Err() }

type User struct{ ID string }
type App struct {
	db    *sql.DB
	cache sync.Map
	log   *slog.Logger
	mu    sync.Mutex
	subs  map[chan string]struct{}
	base  context.Context
	wg    sync.WaitGroup
	queue chan func(context.Context)
	warm  any
}

// Hub of SSE
func (a *App) events(w http.ResponseWriter, r *http.Request) {
	ch := make(chan string, 8)
	a.mu.Lock()
	a.subs[ch] = struct{}{}
	a.mu.Unlock()
	defer func() { a.mu.Lock(); delete(a.subs, ch); a.mu.Unlock() }()
	for {
		select {
		case <-r.Context().Done():
			return
		case s := <-ch:
			fmt.Fprintf(w, "data: %s\n\n", s)
			w.(http.Flusher).Flush()
		}
	}
}

// App scoped goroutine with detached values
func (a *App) detachedGoroutines(w http.ResponseWriter, r *http.Request) {
	ctx := context.WithoutCancel(r.Context())
	a.wg.Add(1)
	go func() { defer a.wg.Done(); use(ctx) }()
	go use(a.base, r.PathValue("id"))
	id := r.PathValue("id")
	go func() {
		ctx, cancel := context.WithTimeout(a.base, time.Second)
		defer cancel()
		use(ctx, id)
	}()
	host := r.Host
	time.AfterFunc(time.Second, func() { slog.Info("x", "host", host) })
	a.queue <- func(ctx context.Context) { use(ctx, id) }
}

// Two-way copy: the second copy ends when the first one does
func (a *App) copyBothWays(w http.ResponseWriter, r *http.Request) {
	backend, err := dial(r.Context(), "x")
	if err != nil {
		return
	}
	defer backend.Close()
	go func() {
		io.Copy(backend, r.Body)
		backend.CloseWrite()
	}()
	io.Copy(w, backend)
}

type conn struct{ io.ReadWriteCloser }

func (c *conn) CloseWrite() error                       { return nil }
func dial(ctx context.Context, a string) (*conn, error) { return &conn{}, nil }

// First of several
func firstOfSeveral(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithCancel(r.Context())
	defer cancel()
	res := make(chan string, 3)
	for _, h := range []string{"a", "b", "c"} {
		go func() {
			if use(ctx, h) == nil {
				res <- h
			}
		}()
	}
	fmt.Fprintln(w, <-res)
}

// Results by a helper
func futures(w http.ResponseWriter, r *http.Request) {
	f := async(r.Context(), func(ctx context.Context) (int, error) { return 1, use(ctx) })
	g := async(r.Context(), func(ctx context.Context) (string, error) { return "", use(ctx) })
	x, _ := f.Get()
	y, _ := g.Get()
	fmt.Fprintln(w, x, y)
}

type future[T any] struct {
	done chan struct{}
	v    T
	err  error
}

func (f *future[T]) Get() (T, error) { <-f.done; return f.v, f.err }
func async[T any](ctx context.Context, fn func(context.Context) (T, error)) *future[T] {
	f := &future[T]{done: make(chan struct{})}
	go func() { defer close(f.done); f.v, f.err = fn(ctx) }()
	return f
}

// The future by hand within the handler, with a setter
type promise struct {
	mu sync.Mutex
	c  *sync.Cond
	v  any
}

func (p *promise) set(v any) { p.mu.Lock(); p.v = v; p.c.Broadcast(); p.mu.Unlock() }
func (p *promise) get() any  { p.c.Wait(); return p.v }
func promises(w http.ResponseWriter, r *http.Request) {
	p := &promise{}
	go func() { p.set(use(r.Context())) }()
	fmt.Fprintln(w, p.get())
}

// Collect helper
func collected(w http.ResponseWriter, r *http.Request) {
	out := make(chan error, 3)
	for i := range 3 {
		go check(r.Context(), i, out)
	}
	fmt.Fprintln(w, collect(out, 3))
}
func check(ctx context.Context, i int, out chan<- error) { out <- use(ctx, i) }
func collect(c <-chan error, n int) (err error) {
	for range n {
		err = errors.Join(err, <-c)
	}
	return
}

// Client side
type rt func(*http.Request) (*http.Response, error)

func (f rt) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

type hook struct{ bg *runtime.BackgroundTasks }

func Client(bg *runtime.BackgroundTasks) *http.Client {
	return &http.Client{Transport: rt(func(req *http.Request) (*http.Response, error) {
		start := time.Now()
		res, err := http.DefaultTransport.RoundTrip(req)
		bg.Add(func(ctx context.Context) error { return use(ctx, req.URL.Host, time.Since(start)) })
		return res, err
	})}
}
func notify(bg *runtime.BackgroundTasks, url string) {
	bg.Add(func(ctx context.Context) error {
		req, err := http.NewRequestWithContext(ctx, "POST", url, nil)
		if err != nil {
			return err
		}
		c := http.Client{CheckRedirect: func(req *http.Request, via []*http.Request) error { return req.Context().Err() }}
		res, err := c.Do(req)
		if err != nil {
			return err
		}
		defer res.Body.Close()
		_, err = io.Copy(io.Discard, res.Body)
		return err
	})
}
func sendLater(req *http.Request, bg *runtime.BackgroundTasks) {
	bg.Add(func(ctx context.Context) error {
		res, err := http.DefaultClient.Do(req.WithContext(ctx))
		if err != nil {
			return err
		}
		return res.Body.Close()
	})
}

// A list of requests that are sent
func sendAll(bg *runtime.BackgroundTasks, reqs []*http.Request) {
	for _, req := range reqs {
		bg.Add(func(ctx context.Context) error {
			_, err := http.DefaultClient.Do(req.Clone(ctx))
			return err
		})
	}
}

// Client helper of own
type API struct{ c *http.Client }

func (a *API) do(ctx context.Context, req *http.Request) error {
	_, err := a.c.Do(req.WithContext(ctx))
	return err
}
func (a *API) Later(bg *runtime.BackgroundTasks, req *http.Request) {
	bg.Add(func(ctx context.Context) error { return a.do(ctx, req) })
}
func (a *API) Sync(bg *runtime.BackgroundTasks) {
	req, _ := http.NewRequest("GET", "http://x", nil)
	bg.Add(func(ctx context.Context) error { return a.do(ctx, req) })
}

// Nested tasks
func nestedTasks(bg *runtime.BackgroundTasks) {
	bg.Add(func(ctx context.Context) error {
		u := &User{}
		bg.Add(func(ctx context.Context) error { return use(ctx, u) })
		runtime.FromContext(ctx).Add(func(ctx context.Context) error { return use(ctx, u) })
		return nil
	})
}

// Forget & switch
func detachedOrNot(ctx context.Context, bg *runtime.BackgroundTasks, async bool) {
	if async {
		ctx = context.WithoutCancel(ctx)
	}
	bg.Add(func(context.Context) error { return use(ctx) })
}

// Functional options, builder
type opt func(*job)
type job struct {
	ctx  context.Context
	name string
	n    int
}

func WithName(s string) opt { return func(j *job) { j.name = s } }
func WithUserOf(ctx context.Context) opt {
	u, _ := ctx.Value("u").(*User)
	return func(j *job) { j.name = u.ID }
}
func newJob(ctx context.Context, opts ...opt) *job {
	j := &job{ctx: ctx}
	for _, o := range opts {
		o(j)
	}
	return j
}
func (j *job) Detached() *job                { c := *j; c.ctx = context.WithoutCancel(j.ctx); return &c }
func (j *job) With(ctx context.Context) *job { c := *j; c.ctx = ctx; return &c }
func (j *job) Run() error                    { return use(j.ctx, j.name) }
func (j *job) Name() string                  { return j.name }
func builders(ctx context.Context, bg *runtime.BackgroundTasks) {
	j := newJob(ctx, WithName("x"), WithUserOf(ctx)).Detached()
	bg.Add(func(context.Context) error { return j.Run() })
	k := newJob(ctx)
	bg.Add(func(ctx context.Context) error { return k.With(ctx).Run() })
	l := &job{ctx: ctx}
	bg.Add(func(ctx context.Context) error { return l.With(ctx).Run() })
	m := &job{ctx: ctx}
	m.ctx = context.WithoutCancel(ctx)
	bg.Add(func(ctx context.Context) error { return m.Run() })
	n := newJob(ctx)
	n.ctx = context.WithoutCancel(ctx)
	bg.Add(func(ctx context.Context) error { return n.Run() })
	o := newJob(ctx)
	bg.Add(func(ctx context.Context) error { c := *o; c.ctx = ctx; return c.Run() })
	p := newJob(ctx)
	bg.Add(func(ctx context.Context) error { p.ctx = ctx; return p.Run() })
	q := newJob(ctx)
	bg.Add(func(ctx context.Context) error { return use(ctx, q.Name()) })
}

// Copy of requests for tasks
func copiesOfRequest(w http.ResponseWriter, r *http.Request, bg *runtime.BackgroundTasks) {
	clone := r.Clone(context.WithoutCancel(r.Context()))
	clone.Body = nil
	bg.Add(func(ctx context.Context) error { return use(ctx, clone.URL, clone.Header) })
	dump, _ := httputil.DumpRequest(r, true)
	bg.Add(func(ctx context.Context) error { return use(ctx, dump) })
	hdr := r.Header.Clone()
	q := r.URL.Query()
	cookies := r.Cookies()
	tls := r.TLS
	bg.Add(func(ctx context.Context) error { return use(ctx, hdr, q, cookies, tls) })
	var in struct{ A string }
	if err := json.NewDecoder(r.Body).Decode(&in); err != nil {
		return
	}
	bg.Add(func(ctx context.Context) error { return use(ctx, in.A, in) })
	sc := bufio.NewScanner(r.Body)
	for sc.Scan() {
		line := sc.Text()
		bg.Add(func(ctx context.Context) error { return use(ctx, line) })
	}
}

type meta struct {
	*http.Request
	ID string
}

func (m meta) id() string { return m.ID }
func embeddedRequest(w http.ResponseWriter, r *http.Request, bg *runtime.BackgroundTasks) {
	m := meta{r, "x"}
	bg.Add(func(ctx context.Context) error { return use(ctx, m.ID, m.id()) })
	mm := m
	bg.Add(func(ctx context.Context) error { return use(ctx, mm.ID, mm.id()) })
	pm := &m
	bg.Add(func(ctx context.Context) error { return use(ctx, pm.ID, pm.id()) })
}

// Providers
type Tx struct{ *sql.Tx }

//bggen:provide
func ProvideTx(ctx context.Context, a *App) (*Tx, func(error) error, error) {
	tx, err := a.db.BeginTx(ctx, nil)
	if err != nil {
		return nil, nil, err
	}
	t := &Tx{tx}
	return t, func(err error) error {
		if err != nil {
			return errors.Join(err, tx.Rollback())
		}
		return tx.Commit()
	}, nil
}
func (a *App) inTx(ctx context.Context, f func(*Tx) error) error { return f(nil) }

type Repo struct {
	tx   *Tx
	pool *sql.DB
}

//bggen:provide
func ProvideRepo(tx *Tx, a *App) *Repo { return &Repo{tx, a.db} }
func (r *Repo) Pool() *sql.DB          { return r.pool }

//bggen:handler
func inTransaction(ctx context.Context, a *App, tx *Tx, repo *Repo, bg *runtime.BackgroundTasks) error {
	if _, err := tx.ExecContext(ctx, "x"); err != nil {
		return err
	}
	pool := repo.Pool()
	bg.Add(func(ctx context.Context) error {
		return a.inTx(ctx, func(tx *Tx) error { _, err := tx.ExecContext(ctx, "y"); return err })
	})
	bg.Add(func(ctx context.Context) error { return use(ctx, repo.pool, repo.Pool(), pool) })
	return nil
}

// Cleanup of goroutine in provider
type Lease struct {
	stop chan struct{}
	n    atomic.Int64
}

func (l *Lease) renew(ctx context.Context) {
	t := time.NewTicker(time.Second)
	defer t.Stop()
	for {
		select {
		case <-l.stop:
			return
		case <-t.C:
			use(ctx)
		}
	}
}

//bggen:provide
func ProvideLease(ctx context.Context) (*Lease, func()) {
	l := &Lease{stop: make(chan struct{})}
	go l.renew(ctx)
	return l, func() { close(l.stop) }
}

// Trace
func traced(w http.ResponseWriter, r *http.Request, bg *runtime.BackgroundTasks) {
	trace := &httptrace.ClientTrace{GotFirstResponseByte: func() { slog.InfoContext(r.Context(), "x") }}
	ctx := httptrace.WithClientTrace(r.Context(), trace)
	use(ctx)
}

// Context.AfterFunc logs
func (a *App) logsInAfterFunc(w http.ResponseWriter, r *http.Request) {
	ctx := r.Context()
	ch := make(chan string)
	context.AfterFunc(ctx, func() { a.log.InfoContext(ctx, "client left"); a.remove(ch) })
	defer a.remove(ch)
	a.stream(ctx, w, ch)
}
func (a *App) remove(chan string)                             {}
func (a *App) stream(context.Context, io.Writer, chan string) {}

// Interface typed
type Uploader interface {
	Put(ctx context.Context, name string, r io.Reader) error
}

//bggen:handler
func fileMetadata(ctx context.Context, file *multipart.FileHeader, up Uploader, bg *runtime.BackgroundTasks) error {
	f, err := file.Open()
	if err != nil {
		return err
	}
	defer f.Close()
	key := "k/" + file.Filename
	if err := up.Put(ctx, key, f); err != nil {
		return err
	}
	info := struct {
		Name string
		Size int64
	}{file.Filename, file.Size}
	bg.Add(func(ctx context.Context) error { return use(ctx, key, info) })
	return nil
}

// Task funcs
//
//bggen:task
func Reindex(ctx context.Context, db *sql.DB, id string) error {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	defer use(context.Background())
	return tx.Commit()
}

//bggen:task
func Dry(ctx context.Context, db *sql.DB) error {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	use(ctx)
	tx.Rollback()
	return nil
}

// a detached child which outlives the task on purpose
//
//bggen:task
func Warm(ctx context.Context, a *App) error {
	a.warm = newCache(context.Background())
	return use(ctx)
}
func newCache(ctx context.Context) any { return ctx }
