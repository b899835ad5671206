// Package structs has structs of which some fields end with the request. // want package:"directed"
package structs

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"mime/multipart"
	"net/http"

	"example.com/lint/conn"
	"github.com/bggen/bggen/runtime"
)

func work(context.Context, ...any) error { return nil }

type user struct{ Email string }

type visit struct {
	w    http.ResponseWriter
	r    *http.Request
	ctx  context.Context
	out  io.ReadCloser
	user *user
	log  *slog.Logger
}

func (v *visit) greet(ctx context.Context) error { return work(ctx, v.user.Email) }

func (v *visit) audit(ctx context.Context) error { return work(ctx, v.host()) }

func (v *visit) host() string { return v.r.Host }

func (v *visit) detail(ctx context.Context) error {
	return func() error { return work(ctx, v.r.Host) }()
}

func (v visit) with(ctx context.Context) visit { v.ctx = ctx; return v }

func made(w http.ResponseWriter, r *http.Request, u *user, bg *runtime.BackgroundTasks) {
	v := &visit{w: w, r: r, user: u, log: slog.Default()}
	bg.Add(func(ctx context.Context) error {
		v.log.InfoContext(ctx, "fine")
		return work(ctx, v.user.Email)
	})
	bg.Add(v.greet)
	bg.Add(func(ctx context.Context) error { return v.greet(ctx) })
	bg.Add(func(ctx context.Context) error { return work(ctx, v.r.Host) }) // want `the task uses v.r, and the request is over when it runs`
	bg.Add(v.detail)                                                       // want `the task leads to what ends with the request: the request is over`
	bg.Add(v.audit)                                                        // want `the task leads to what ends with the request: the request is over`
	bg.Add(func(ctx context.Context) error { return v.audit(ctx) })        // want `the task uses v, and the re`
	bg.Add(func(ctx context.Context) error { return work(ctx, v) })        // want `the task uses v, and the re`

	detached := visit{ctx: r.Context(), user: u}
	detached.ctx = context.WithoutCancel(detached.ctx)
	bg.Add(func(ctx context.Context) error { return work(detached.ctx, detached) })

	another := visit{ctx: r.Context()}
	bg.Add(func(ctx context.Context) error { return work(ctx, another.with(ctx)) })

	later := new(visit)
	later.out = r.Body
	bg.Add(func(ctx context.Context) error { return work(ctx, later.out) }) // want `the task uses later.out, and the request is over`
	bg.Add(func(ctx context.Context) error { return work(ctx, later.user) })
}

// render is called by a handler, with what has its request.
func (v *visit) render(bg *runtime.BackgroundTasks) {
	bg.Add(func(ctx context.Context) error { return work(ctx, v.r.Host) }) // want `the task uses v.r`
	host := v.host()
	bg.Add(func(ctx context.Context) error { return work(ctx, host, v.user) })
}

type recorder struct {
	http.ResponseWriter
	body bytes.Buffer
}

func recorded(w http.ResponseWriter, bg *runtime.BackgroundTasks) {
	rec := &recorder{ResponseWriter: w}
	bg.Add(func(ctx context.Context) error { return work(ctx, rec.body.String()) })
	bg.Add(func(ctx context.Context) error { return work(ctx, rec.Header()) }) // want `the task uses rec, and the response is written`
}

type repo struct {
	c    *conn.Conn
	name string
}

func (r *repo) save(context.Context) error { return r.c.Ping() }

//bggen:provide
func newRepo(c *conn.Conn) *repo { return &repo{c, "a"} }

//bggen:route POST /provided
func provided(r *repo, bg *runtime.BackgroundTasks) {
	save := r.save
	bg.Add(save) // want `the task leads to what ends with the request: what NewConn makes has been given back`
	mine := r
	bg.Add(func(ctx context.Context) error { return mine.save(ctx) }) // want `the task uses mine`
	bg.Add(func(ctx context.Context) error { return work(ctx, r.name) })
}

type upload struct {
	Title string                  `form:"title"`
	Pics  []*multipart.FileHeader `form:"pics"`
}

//bggen:route POST /upload
func uploads(in upload, r *http.Request, bg *runtime.BackgroundTasks) {
	bg.Add(func(ctx context.Context) error { return work(ctx, in.Title) })
	bg.Add(func(ctx context.Context) error { return work(ctx, in.Pics[0]) }) // want `the task uses in.Pics, and the files of the form are removed`
	for _, pic := range in.Pics {
		name := pic.Filename
		bg.Add(func(ctx context.Context) error { return work(ctx, name) })
		bg.Add(func(ctx context.Context) error { return work(ctx, pic) }) // want `the task uses pic`
	}
	for _, pic := range r.MultipartForm.File["pics"] {
		bg.Add(func(ctx context.Context) error { return work(ctx, pic) }) // want `the task uses pic`
	}
	var all []any
	all = append(all, in.Title)
	bg.Add(func(ctx context.Context) error { return work(ctx, all...) })
	var files []any
	files = append(files, in.Pics[0])
	bg.Add(func(ctx context.Context) error { return work(ctx, files...) }) // want `the task uses files`
	switch body := any(r.Body).(type) {
	case io.Seeker:
		bg.Add(func(ctx context.Context) error { return work(ctx, body) }) // want `the task uses body`
	}
}

type app struct {
	replica *conn.Conn
	bgs     []*runtime.BackgroundTasks
	add     func(func(context.Context) error, ...runtime.TaskOption)
	last    *holder
}

type holder struct{ bg *runtime.BackgroundTasks }

var (
	global  *holder
	hook    func()
	holders = make(chan holder, 1)
)

//bggen:route POST /kept
//bggen:depends c=app.replica
func (a *app) kept(c *conn.Conn, bg *runtime.BackgroundTasks) {
	bg.Add(func(ctx context.Context) error { return c.Ping() }) // it is the app's
	a.bgs = append(a.bgs, bg)                                   // want `the collector is kept in a field`
	a.last = &holder{bg}                                        // want `the collector is kept in a field`
	global = &holder{bg: bg}                                    // want `the collector is kept in a variable of the package`
	hook = func() { bg.Clear() }                                // want `the collector is kept in a variable of the package`
	holders <- holder{bg}                                       // want `the collector is sent to a channel`
	local := []*runtime.BackgroundTasks{bg}
	local = append(local, bg)
	option := func(h *holder) { h.bg = bg }
	option(&holder{})
}

// use is given a collector to keep.
func (h *holder) use(bg *runtime.BackgroundTasks) { h.bg = bg }

func methods(r *http.Request, c *conn.File, bg *runtime.BackgroundTasks) {
	go bg.Clear() // want `this goroutine uses bg.Clear, and the tasks of the request have begun`
	v := visit{r: r}
	go v.audit(context.Background()) // want `this goroutine uses v.audit, and the request is over`
	go v.greet(context.Background())
	f := func() { work(r.Context()) }
	go f() // want `this goroutine uses f, and the context of the request is cancelled`
	told := make(chan bool, 1)
	g := func() { work(r.Context()); told <- true }
	go g()
	go func() { // it ends with the request
		for ctx := r.Context(); ctx.Err() == nil; {
			work(ctx)
		}
	}()
}

// deliver sends a request, and has received none.
func deliver(client *http.Client, req *http.Request, bg *runtime.BackgroundTasks) {
	bg.Add(func(ctx context.Context) error {
		_, err := client.Do(req.WithContext(ctx))
		return err
	})
}

type tx struct{}

func (*tx) Rollback(context.Context) error { return nil }

func (*tx) Commit(context.Context) error { return nil }

func ends(t *tx, bg *runtime.BackgroundTasks) {
	bg.Add(func(ctx context.Context) error {
		if err := work(ctx); err != nil {
			t.Rollback(context.Background()) // also when ctx has ended
			return err
		}
		var b bytes.Buffer
		b.WriteByte('x') // whose error is always nil
		return nil
	})
}

//bggen:task
func taskFunction(ctx context.Context, t *tx) error {
	if err := work(context.Background()); err != nil { // want `the task has a context of its own`
		return err
	}
	t.Commit(ctx) // want `the task drops this error`
	return nil
}

//bggen:task
func without(t *tx) error { return t.Rollback(context.TODO()) }

func (v *visit) job() func(context.Context) error {
	return func(context.Context) error { return work(v.ctx) }
}

func (v *visit) greeting() func(context.Context) error {
	return func(ctx context.Context) error { return work(ctx, v.user.Email) }
}

func jobs(ctx context.Context, u *user, bg *runtime.BackgroundTasks) {
	v := &visit{ctx: ctx, user: u}
	bg.Add(v.job()) // want `the task leads to`
	bg.Add(v.greeting())
}

type page struct{ visit *visit }

func newVisit(r *http.Request, u *user) *visit { return &visit{r: r, user: u} }

func newPage(r *http.Request, u *user) *page { return &page{visit: newVisit(r, u)} }

// deep has what a constructor's constructor has been given.
func deep(r *http.Request, u *user, bg *runtime.BackgroundTasks) {
	p := newPage(r, u)
	bg.Add(func(ctx context.Context) error { return work(ctx, p.visit.r) }) // want `the task uses p.visit.r, and the request is over`
	bg.Add(p.visit.audit)                                                   // want `the task leads to what ends with the request`
	bg.Add(func(ctx context.Context) error { return work(ctx, p.visit.user) })
	bg.Add(p.visit.greet)
}

// before and after a variable is given another value.
func before(r *http.Request) {
	ctx := r.Context()
	go work(ctx) // want `this goroutine uses ctx, and the context of the request is cancelled`
	ctx = context.WithoutCancel(ctx)
	go work(ctx)
}

// asserted is of one of two types, with fields in other places.
func assertedField(v any, r *http.Request, bg *runtime.BackgroundTasks) {
	if r != nil {
		v = &page{}
	}
	if of, ok := v.(*visit); ok {
		bg.Add(func(ctx context.Context) error { return work(ctx, of.log) })
	}
}

//bggen:route POST /keeps
func keepsLater(bg *runtime.BackgroundTasks) {
	h := &holder{bg: bg}
	global = h // want `the collector is kept in a variable of the package`
	h = &holder{}
	global = h
}

// rotated gives variables their own values.
func rotated(r *http.Request, bg *runtime.BackgroundTasks) {
	a, b := &visit{r: r}, &visit{}
	for range 3 {
		a, b = b, a
		a = a
	}
	last := a
	last = last
	bg.Add(func(ctx context.Context) error { return work(ctx, a.user, b.user, last.user) })
	global = global
}
