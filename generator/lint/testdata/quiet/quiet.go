// Package quiet is code without a mistake, by somebody who has not seen the analyzer. // want package:"directed" package:"answers: "
package quiet

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"mime/multipart"
	"net/http"
	"os"
	"sync"
	"time"

	"github.com/bggen/bggen/runtime"
)

type Mail struct{ To, Text string }

func send(ctx context.Context, m *Mail) error                   { return ctx.Err() }
func audit(ctx context.Context, what string, args ...any) error { return ctx.Err() }
func use(ctx context.Context, v any) error                      { return ctx.Err() }

type userKey struct{}
type User struct{ ID, Email string }

// Detached context of own type
type detached struct{ parent context.Context }

func (detached) Deadline() (time.Time, bool)     { return time.Time{}, false }
func (detached) Done() <-chan struct{}           { return nil }
func (detached) Err() error                      { return nil }
func (d detached) Value(k any) any               { return d.parent.Value(k) }
func Detach(ctx context.Context) context.Context { return detached{ctx} }

func detachedByOwnType(w http.ResponseWriter, r *http.Request, bg *runtime.BackgroundTasks) {
	ctx := Detach(r.Context())
	bg.Add(func(context.Context) error { return send(ctx, nil) })
}

// A writer that counts, made by a constructor
type statusWriter struct {
	http.ResponseWriter
	status int
	bytes  int64
}

func (w *statusWriter) WriteHeader(c int) { w.status = c; w.ResponseWriter.WriteHeader(c) }
func (w *statusWriter) Status() int       { return w.status }
func newStatusWriter(w http.ResponseWriter) *statusWriter {
	return &statusWriter{ResponseWriter: w, status: 200}
}
func countingWriterByConstructor(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ww := newStatusWriter(w)
		path := r.URL.Path
		next.ServeHTTP(ww, r)
		runtime.FromContext(r.Context()).Add(func(ctx context.Context) error {
			return audit(ctx, path, ww.Status())
		})
	})
}
func countingWriter(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ww := &statusWriter{ResponseWriter: w}
		path := r.URL.Path
		next.ServeHTTP(ww, r)
		runtime.FromContext(r.Context()).Add(func(ctx context.Context) error {
			return audit(ctx, path, ww.Status(), ww.status)
		})
	})
}

// Several results
func withUser(r *http.Request) (*User, context.Context) {
	u := &User{ID: r.Header.Get("X-User")}
	return u, context.WithValue(r.Context(), userKey{}, u)
}
func userAndContext(w http.ResponseWriter, r *http.Request, bg *runtime.BackgroundTasks) {
	u, ctx := withUser(r)
	slog.InfoContext(ctx, "hello")
	bg.Add(func(ctx context.Context) error { return use(ctx, u) })
}

// WithTimeout helper
func deadline(ctx context.Context) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithTimeout(ctx, time.Second)
	return ctx, cancel
}
func deadlineByHelper(ctx context.Context, bg *runtime.BackgroundTasks) error {
	ctx, cancel := deadline(ctx)
	bg.Add(func(context.Context) error { cancel(); return nil })
	return use(ctx, nil)
}

// AfterFunc's stop
func stopOfAfterFunc(ctx context.Context, bg *runtime.BackgroundTasks) error {
	tctx, cancel := context.WithCancel(context.Background())
	stop := context.AfterFunc(ctx, cancel)
	bg.Add(func(context.Context) error { defer stop(); return use(tctx, nil) })
	return nil
}

// Request scoped state, made by methods
type reqState struct {
	r    *http.Request
	w    http.ResponseWriter
	bg   *runtime.BackgroundTasks
	user *User
}

func (s *reqState) reset(w http.ResponseWriter, r *http.Request, bg *runtime.BackgroundTasks) {
	s.w, s.r, s.bg = w, r, bg
	s.user = &User{ID: r.Header.Get("X-User")}
}
func (s *reqState) run() { s.w.WriteHeader(200) }
func stateByReset(w http.ResponseWriter, r *http.Request, bg *runtime.BackgroundTasks) {
	var s reqState
	s.reset(w, r, bg)
	s.run()
}

// Pooled
var pool = sync.Pool{New: func() any { return new(reqState) }}

func stateOfPool(w http.ResponseWriter, r *http.Request, bg *runtime.BackgroundTasks) {
	s := pool.Get().(*reqState)
	defer func() { *s = reqState{}; pool.Put(s) }()
	s.w, s.r, s.bg = w, r, bg
	s.run()
}

// Command in a body
type CreateOrder struct {
	Item string
	bg   *runtime.BackgroundTasks
}

func (c *CreateOrder) Execute(ctx context.Context) error {
	item := c.Item
	c.bg.Add(func(ctx context.Context) error { return audit(ctx, item) })
	return nil
}

//bggen:handler
func commandInBody(ctx context.Context, body *CreateOrder, bg *runtime.BackgroundTasks) error {
	body.bg = bg
	return body.Execute(ctx)
}

// A local worker channel
func closuresToLocalWorkers(ctx context.Context, bg *runtime.BackgroundTasks, ids []string) error {
	work := make(chan func())
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for f := range work {
				f()
			}
		})
	}
	for _, id := range ids {
		work <- func() {
			u := &User{ID: id}
			bg.Add(func(ctx context.Context) error { return use(ctx, u) })
		}
	}
	close(work)
	wg.Wait()
	return nil
}

type item struct {
	id string
	bg *runtime.BackgroundTasks
}

func collectorToLocalWorkers(ctx context.Context, bg *runtime.BackgroundTasks, ids []string) error {
	work := make(chan item, len(ids))
	for _, id := range ids {
		work <- item{id, bg}
	}
	close(work)
	for it := range work {
		it.bg.Add(func(ctx context.Context) error { return use(ctx, it.id) })
	}
	return nil
}

// Semaphore as in its documentation
type semaphore struct{ c chan struct{} }

func (s *semaphore) Acquire(ctx context.Context, n int) error { return nil }
func (s *semaphore) Release(n int)                            {}

func semaphores(w http.ResponseWriter, r *http.Request) {
	ctx := r.Context()
	sem := &semaphore{}
	out := make([]string, 10)
	for i := range out {
		if sem.Acquire(ctx, 1) != nil {
			break
		}
		go func() {
			defer sem.Release(1)
			out[i] = fmt.Sprint(use(ctx, i))
		}()
	}
	if sem.Acquire(ctx, 10) != nil {
		return
	}
	json.NewEncoder(w).Encode(out)
}

// A goroutine that a cancel ends
type Poller interface {
	Run(ctx context.Context) error
}
type poller struct{}

func (p *poller) poll(ctx context.Context) error { return ctx.Err() }
func (p *poller) run(ctx context.Context) {
	for {
		if err := p.poll(ctx); err != nil {
			return
		}
		time.Sleep(time.Second)
	}
}
func pollerUnderCancel(w http.ResponseWriter, r *http.Request, p Poller) {
	ctx, cancel := context.WithCancel(r.Context())
	defer cancel()
	go p.Run(ctx)
	fmt.Fprintln(w, "hello")
}
func ownPollerUnderCancel(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithCancel(r.Context())
	defer cancel()
	go new(poller).run(ctx)
	fmt.Fprintln(w, "hello")
}

type Consumer struct{ P Poller }

//bggen:provide
func provideConsumer(ctx context.Context, p Poller) (*Consumer, func(), error) {
	ctx, cancel := context.WithCancel(ctx)
	c := &Consumer{p}
	go p.Run(ctx)
	return c, cancel, nil
}

// Cause of a context in AfterFunc
func causeInAfterFunc(w http.ResponseWriter, r *http.Request) {
	ctx := r.Context()
	pr, _ := net()
	context.AfterFunc(ctx, func() { pr.fail(context.Cause(ctx)) })
	io.Copy(w, pr)
}

type fp struct{}

func (fp) fail(error)                 {}
func (fp) Read(b []byte) (int, error) { return 0, io.EOF }
func net() (fp, error)                { return fp{}, nil }

// Mark as failed whatever became of the task's context
type Store struct{ db *sql.DB }

func (s *Store) MarkFailed(ctx context.Context, id string, err error) error { return nil }
func (s *Store) afterFailure(ctx context.Context, bg *runtime.BackgroundTasks, id string) error {
	bg.Add(func(ctx context.Context) error {
		if err := send(ctx, nil); err != nil {
			return errors.Join(err, s.MarkFailed(context.Background(), id, err))
		}
		return nil
	})
	bg.Add(func(ctx context.Context) error {
		err := send(ctx, nil)
		if errors.Is(err, context.Canceled) {
			return s.MarkFailed(context.Background(), id, err)
		}
		return err
	})
	bg.Add(func(ctx context.Context) error {
		go use(context.Background(), "metrics")
		return send(ctx, nil)
	})
	return nil
}

// Nested state
type session struct {
	r      *http.Request
	UserID string
}

func newSession(r *http.Request) *session { return &session{r: r, UserID: r.Header.Get("X-User")} }

type state struct {
	sess  *session
	start time.Time
}

func (s *session) ID() string         { return s.UserID }
func newState(r *http.Request) *state { return &state{sess: newSession(r), start: time.Now()} }

func nestedStateByConstructor(w http.ResponseWriter, r *http.Request, bg *runtime.BackgroundTasks) {
	st := newState(r)
	bg.Add(func(ctx context.Context) error { return audit(ctx, st.sess.UserID) })
}
func nestedState(w http.ResponseWriter, r *http.Request, bg *runtime.BackgroundTasks) {
	st := &state{sess: newSession(r)}
	bg.Add(func(ctx context.Context) error { return audit(ctx, st.sess.UserID) })
}
func methodOfData(w http.ResponseWriter, r *http.Request, bg *runtime.BackgroundTasks) {
	sess := newSession(r)
	bg.Add(func(ctx context.Context) error { return audit(ctx, sess.ID()) })
}
func listOfSessions(w http.ResponseWriter, r *http.Request, bg *runtime.BackgroundTasks) {
	for _, s := range []*session{{r, "a"}, {r, "b"}} {
		bg.Add(func(ctx context.Context) error { return audit(ctx, s.ID()) })
	}
}

// Session of a provider, of which a helper wants data only
//
//bggen:provide
func Session(r *http.Request) *session { return newSession(r) }

func auditSession(ctx context.Context, s *session) error { return audit(ctx, s.UserID) }

//bggen:handler
func helperTakesData(sess *session, bg *runtime.BackgroundTasks) {
	bg.Add(func(ctx context.Context) error { return auditSession(ctx, sess) })
}

// Upload read before
func uploadReadBefore(w http.ResponseWriter, r *http.Request, bg *runtime.BackgroundTasks) error {
	f, hdr, err := r.FormFile("f")
	if err != nil {
		return err
	}
	defer f.Close()
	var buf bytes.Buffer
	if _, err := io.Copy(&buf, f); err != nil {
		return err
	}
	name := hdr.Filename
	bg.Add(func(ctx context.Context) error { return audit(ctx, name, buf.Bytes(), hdr.Size, hdr.Header.Get("A")) })
	return nil
}

type upload struct {
	File    multipart.File
	Name    string
	content []byte
}

func (u *upload) load() (err error) { u.content, err = io.ReadAll(u.File); u.File = nil; return }
func (u *upload) Content() []byte   { return u.content }
func newUpload(r *http.Request) (*upload, error) {
	f, h, err := r.FormFile("x")
	if err != nil {
		return nil, err
	}
	u := &upload{File: f, Name: h.Filename}
	return u, u.load()
}
func uploadOfConstructor(w http.ResponseWriter, r *http.Request, bg *runtime.BackgroundTasks) error {
	u, err := newUpload(r)
	if err != nil {
		return err
	}
	bg.Add(func(ctx context.Context) error { return audit(ctx, u.Name, u.Content()) })
	return nil
}

// Temp file, removed at the end
func temporaryFile(ctx context.Context, bg *runtime.BackgroundTasks, tmp string) {
	bg.Add(func(ctx context.Context) error {
		if err := use(ctx, tmp); err != nil {
			return err
		}
		os.Remove(tmp)
		return nil
	})
}

// Nobody wants what comes
func emptyRange(w http.ResponseWriter, r *http.Request, bg *runtime.BackgroundTasks) {
	for _, _ = range r.Header {
	}
}
