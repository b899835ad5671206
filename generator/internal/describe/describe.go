// Package describe says what a package serves, in a form for other programs:
// see docs/json.md.
package describe

import (
	"go/token"
	"time"

	"github.com/bggen/bggen/generator/internal/model"
	"github.com/bggen/bggen/generator/internal/scan"
	"github.com/bggen/bggen/generator/internal/schema"
)

// A Package is what is generated for a package.
type Package struct {
	Path      string                    `json:"path"`
	Name      string                    `json:"name"`
	App       string                    `json:"app,omitempty"` // type that the constructors take a pointer to
	Handlers  []Handler                 `json:"handlers"`
	Providers []Provider                `json:"providers"` // those that something needs
	Tasks     []Task                    `json:"tasks"`
	Types     map[string]*schema.Object `json:"types"` // of the $refs
}

// A Handler is a handler and where its parameters come from.
type Handler struct {
	Name        string   `json:"name"`
	Position    Position `json:"position"`
	Constructor string   `json:"constructor"`
	Routes      []Route  `json:"routes"`
	Open        bool     `json:"open,omitempty"`    // no guard can refuse a request: there is none, or none returns an error
	Guards      []string `json:"guards,omitempty"`  // in the order in which they run
	Without     []string `json:"without,omitempty"` // guards of the app struct or the package that it is exempt from
	Params      []Param  `json:"params"`            // of the request, those of providers among them
	Body        *Body    `json:"body,omitempty"`
	Result      Result   `json:"result"`
	Needs       []string `json:"needs"` // providers and app.Field, of its own parameters
	Tasks       bool     `json:"tasks"` // it may add tasks
}

// A Route is a pattern of net/http, and its parts.
type Route struct {
	Pattern string `json:"pattern"`
	Method  string `json:"method,omitempty"` // "": any
	Host    string `json:"host,omitempty"`
	Path    string `json:"path"`
	Hidden  bool   `json:"hidden,omitempty"` // it is not in the OpenAPI document
}

// A Param is a value of a request.
type Param struct {
	Name        string         `json:"name"`
	In          string         `json:"in"` // path, query, header, cookie, form
	Description string         `json:"description,omitempty"`
	Required    bool           `json:"required"`
	Type        string         `json:"type"` // in Go
	Schema      *schema.Object `json:"schema"`
}

// A Body is the body of a request.
type Body struct {
	ContentType string         `json:"contentType"`
	Required    bool           `json:"required"`
	MaxBytes    int64          `json:"maxBytes"`
	Type        string         `json:"type,omitempty"`
	Schema      *schema.Object `json:"schema,omitempty"`
}

// A Result is what a handler answers with when it succeeds.
type Result struct {
	Status      int            `json:"status,omitempty"`      // 0: the handler says it when it runs
	ContentType string         `json:"contentType,omitempty"` // "": none, or the handler says it
	Type        string         `json:"type,omitempty"`
	Schema      *schema.Object `json:"schema,omitempty"`
}

// A Provider is a provider or a guard.
type Provider struct {
	Name     string   `json:"name"`
	Position Position `json:"position"`
	Type     string   `json:"type,omitempty"` // of its value
	Cleanup  string   `json:"cleanup,omitempty"`
	Needs    []string `json:"needs"`
}

// A Task is a portable task.
type Task struct {
	Name     string   `json:"name"` // as engines store it
	Function string   `json:"function"`
	Position Position `json:"position"`
	Enqueue  string   `json:"enqueue"`
	Was      []string `json:"was,omitempty"`      // names that it had before
	External bool     `json:"external,omitempty"` // its code is elsewhere
	Engine   string   `json:"engine,omitempty"`   // "": the runner's
	Queue    string   `json:"queue,omitempty"`
	Timeout  string   `json:"timeout,omitempty"` // of an attempt, as time.Duration prints it
	Attempts int      `json:"attempts,omitempty"`
	Backoff  string   `json:"backoff,omitempty"`
	Limit    int      `json:"limit,omitempty"`
	Args     []Arg    `json:"args"`

	Schedules []Schedule `json:"schedules,omitempty"` // when it runs by itself

	Needs  []string `json:"needs"`
	Stored []Member `json:"-"` // of its arguments
}

// A Schedule says when a task runs by itself.
type Schedule struct {
	Every    string `json:"every,omitempty"` // a duration, as time.Duration prints it
	Cron     string `json:"cron,omitempty"`  // an expression
	TimeZone string `json:"timeZone,omitempty"`
	Jitter   string `json:"jitter,omitempty"`
	Missed   string `json:"missed,omitempty"`
	Overlap  bool   `json:"overlap,omitempty"`
	Once     bool   `json:"once,omitempty"`
}

// An Arg is an argument of a task.
type Arg struct {
	Name   string         `json:"name"`
	Type   string         `json:"type"`
	Schema *schema.Object `json:"schema"`
}

// durationText is "" for 0.
func durationText(d time.Duration) string {
	if d == 0 {
		return ""
	}
	return d.String()
}

// A Position is a place in a file.
type Position struct {
	File   string `json:"file"`
	Line   int    `json:"line"`
	Column int    `json:"column"` // in bytes, from 1
}

func positionOf(p token.Position) Position { return Position{p.Filename, p.Line, p.Column} }

// Of describes a resolved package. The comments of types and fields, if there are
// any, are in the schemas.
func Of(pkg *model.Package, comments schema.Comments) (Package, error) {
	d := &describer{schemas: schema.NewSet("#/types/", comments), out: Package{
		Path: pkg.Path, Name: pkg.Name, Handlers: []Handler{}, Providers: []Provider{}, Tasks: []Task{},
	}}
	d.schemas.Package = pkg
	if pkg.App != nil {
		d.out.App = pkg.App.Obj().Name()
	}
	for _, h := range pkg.Handlers {
		d.handler(h)
	}
	for _, t := range pkg.Tasks {
		d.task(t)
	}
	var err error
	d.out.Types, err = d.schemas.Types()
	return d.out, err
}

type describer struct {
	schemas   *schema.Set
	out       Package
	providers map[*scan.Func]bool
}

func (d *describer) handler(h *model.Handler) {
	out := Handler{
		Name:        h.Func.FullName(),
		Position:    positionOf(h.Func.Start),
		Constructor: h.Constructor,
		Routes:      []Route{},
		Params:      []Param{},
		Result:      d.result(h),
		Needs:       d.needs(h.Args),
		Tasks:       h.Tasks,
	}
	for _, r := range h.Func.Routes {
		method, host, path := r.Split()
		out.Routes = append(out.Routes, Route{r.Pattern, method, host, path, r.Hidden})
	}
	for _, b := range h.Bindings {
		if b.In != model.Body {
			out.Params = append(out.Params, d.param(h, b))
		}
	}
	out.Body = d.body(h)
	out.Open = true
	for _, call := range h.Calls {
		out.Open = out.Open && !(call.Guard && call.HasError)
		if call.Guard {
			out.Guards = append(out.Guards, call.Provider.FullName())
		}
		d.provider(call)
	}
	for _, f := range h.Without {
		out.Without = append(out.Without, f.FullName())
	}
	d.out.Handlers = append(d.out.Handlers, out)
}

func (d *describer) param(h *model.Handler, b *model.Binding) Param {
	t := b.Type.String()
	switch b.Form {
	case model.Opt:
		t = "runtime.Opt[" + t + "]"
	case model.Optional:
		t = "*" + t
	case model.Repeated, model.Files:
		t = "[]" + t
	}
	return Param{
		Name: b.Name, In: b.In.String(), Description: d.schemas.Comment(h, b),
		Required: b.Required(), Type: t, Schema: d.schemas.Value(b),
	}
}

// body describes the body; one that is read as it came and as JSON is JSON.
func (d *describer) body(h *model.Handler) *Body {
	var bodies []*model.Binding
	for _, b := range h.Bindings {
		if b.In == model.Body {
			bodies = append(bodies, b)
		}
	}
	if bodies == nil {
		return nil
	}
	body := &Body{ContentType: "application/octet-stream", MaxBytes: h.MostBody()}
	if schema, required := d.schemas.JSONBody(h); schema != nil {
		body.ContentType, body.Schema, body.Required = "application/json", schema, required
		for _, b := range bodies {
			if b.JSON != nil && b.Name == "" {
				body.Type = b.JSON.Type.String()
			}
		}
	}
	return body
}

func (d *describer) result(h *model.Handler) Result {
	res := Result{Status: h.Result.Status}
	if h.Result.Kind == model.HandlerResult {
		res.Status = 0 // it answers itself
	}
	res.ContentType, res.Schema = d.schemas.Result(h)
	if t := h.Value(); t != nil && (res.ContentType != "" || h.Result.Kind == model.HandlerResult) {
		res.Type = t.String()
	}
	return res
}

// needs names the providers and app values among arguments.
func (d *describer) needs(args []model.Source) []string {
	list := []string{}
	for _, v := range args {
		switch v := v.(type) {
		case *model.Call:
			list = append(list, v.Provider.FullName())
		case model.AppField:
			list = append(list, "app."+v.Name)
		case model.App:
			list = append(list, "app")
		}
	}
	return list
}

func (d *describer) provider(call *model.Call) {
	if d.providers == nil {
		d.providers = map[*scan.Func]bool{}
	}
	if d.providers[call.Provider] {
		return
	}
	d.providers[call.Provider] = true
	p := Provider{Name: call.Provider.FullName(), Position: positionOf(call.Provider.Start), Needs: d.needs(call.Args)}
	if call.Type != nil {
		p.Type = call.Type.String()
	}
	p.Cleanup = map[model.Cleanup]string{model.Settle: "settle", model.Release: "release", model.Hold: "hold"}[call.Cleanup]
	d.out.Providers = append(d.out.Providers, p)
}

func (d *describer) task(t *model.Task) {
	out := Task{
		Name: t.Name, Function: t.Func.FullName(), Position: positionOf(t.Func.Start), Enqueue: t.Enqueue,
		Args: []Arg{}, Needs: d.needs(t.Args), Stored: stored(t),
	}
	o := t.Func.Task
	out.Was, out.External, out.Engine, out.Queue, out.Attempts, out.Limit = o.Was, o.External, o.Engine, o.Queue, o.Attempts, o.Limit
	out.Timeout, out.Backoff = durationText(o.Timeout), durationText(o.Backoff)
	for _, s := range t.Func.Schedules {
		out.Schedules = append(out.Schedules, Schedule{
			Every: durationText(s.Every), Cron: s.Expr, TimeZone: s.Zone,
			Jitter: durationText(s.Jitter), Missed: durationText(s.Missed), Overlap: s.Overlap, Once: s.Once,
		})
	}
	for _, f := range t.Fields {
		out.Args = append(out.Args, Arg{f.JSON, f.Type.String(), d.schemas.Of(f.Type, schema.In)})
	}
	for _, call := range t.Calls {
		d.provider(call)
	}
	d.out.Tasks = append(d.out.Tasks, out)
}
