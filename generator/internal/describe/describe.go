// Package describe says what a package serves, in a form for other programs:
// see docs/json.md.
package describe

import (
	"go/token"
	"go/types"
	"maps"
	"time"

	"github.com/bggen/bggen/generator/internal/gotype"
	"github.com/bggen/bggen/generator/internal/model"
	"github.com/bggen/bggen/generator/internal/scan"
)

// A Package is what is generated for a package.
type Package struct {
	Path      string             `json:"path"`
	Name      string             `json:"name"`
	App       string             `json:"app,omitempty"` // type that the constructors take a pointer to
	Handlers  []Handler          `json:"handlers"`
	Providers []Provider         `json:"providers"` // those that something needs
	Tasks     []Task             `json:"tasks"`
	Types     map[string]*Schema `json:"types"` // of the $refs
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
}

// A Param is a value of a request.
type Param struct {
	Name     string  `json:"name"`
	In       string  `json:"in"` // path, query, header, cookie, form
	Required bool    `json:"required"`
	Type     string  `json:"type"` // in Go
	Schema   *Schema `json:"schema"`
}

// A Body is the body of a request.
type Body struct {
	ContentType string  `json:"contentType"`
	Required    bool    `json:"required"`
	MaxBytes    int64   `json:"maxBytes"`
	Type        string  `json:"type,omitempty"`
	Schema      *Schema `json:"schema,omitempty"`
}

// A Result is what a handler answers with when it succeeds.
type Result struct {
	Status      int     `json:"status,omitempty"`      // 0: the handler says it when it runs
	ContentType string  `json:"contentType,omitempty"` // "": none, or the handler says it
	Type        string  `json:"type,omitempty"`
	Schema      *Schema `json:"schema,omitempty"`
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
	Name   string  `json:"name"`
	Type   string  `json:"type"`
	Schema *Schema `json:"schema"`
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

// Of describes a resolved package.
func Of(pkg *model.Package) Package {
	d := &describer{pkg: pkg, out: Package{
		Path: pkg.Path, Name: pkg.Name,
		Handlers: []Handler{}, Providers: []Provider{}, Tasks: []Task{}, Types: map[string]*Schema{},
	}}
	if pkg.App != nil {
		d.out.App = pkg.App.Obj().Name()
	}
	for _, h := range pkg.Handlers {
		d.handler(h)
	}
	for _, t := range pkg.Tasks {
		d.task(t)
	}
	return d.out
}

type describer struct {
	pkg       *model.Package
	out       Package
	providers map[*scan.Func]bool
	seen      gotype.Seen // named types that are in out.Types
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
		out.Routes = append(out.Routes, Route{r.Pattern, method, host, path})
	}
	for _, b := range h.Bindings {
		if b.In == model.Body {
			out.Body = d.body(h, b, out.Body)
		} else {
			out.Params = append(out.Params, d.param(b))
		}
	}
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

func (d *describer) param(b *model.Binding) Param {
	p := Param{Name: b.Name, Type: b.Type.String(), Schema: d.schema(b.ReadAs())}
	if b.Elem == model.Text {
		p.Schema = &Schema{Type: "string"}
	}
	p.In = b.In.String()
	switch b.Form {
	case model.Opt:
		p.Type = "runtime.Opt[" + p.Type + "]"
	case model.Optional:
		p.Type = "*" + p.Type
	case model.Repeated:
		p.Type = "[]" + p.Type
		p.Schema = &Schema{Type: "array", Items: p.Schema}
		if b.OrList != nil {
			p.Schema.Default = model.Values(b.OrList)
		}
	case model.File, model.Files:
		p.Required = b.Form == model.File
		p.Schema = &Schema{Type: "string", Format: "binary"}
		if b.Form == model.Files {
			p.Type, p.Schema = "[]"+p.Type, &Schema{Type: "array", Items: p.Schema}
		}
	case model.Default:
		p.Schema = p.Schema.copy()
		p.Schema.Default = model.Value(b.Or)
	default:
		p.Required = true
	}
	for _, c := range b.Checks {
		p.Schema = p.Schema.copy()
		p.Schema.limit(c)
	}
	return p
}

// body describes the body; one that is read as it came and as JSON is JSON.
func (d *describer) body(h *model.Handler, b *model.Binding, known *Body) *Body {
	if (b.Form == model.Raw || b.Form == model.Stream) && known != nil {
		return known
	}
	body := &Body{ContentType: "application/octet-stream", MaxBytes: h.MaxBody}
	if body.MaxBytes == 0 {
		body.MaxBytes = 1 << 20
	}
	if b.Form != model.Raw && b.Form != model.Stream {
		body.ContentType, body.Required = "application/json", b.Form == model.JSON
		body.Type, body.Schema = b.JSON.Type.String(), d.schema(b.JSON.Type)
	}
	if b.Name == "" || known == nil || known.Schema == nil {
		return body
	}
	body.Type, body.Required = "", body.Required || known.Required
	body.Schema.Required = append(known.Schema.Required, body.Schema.Required...)
	maps.Copy(body.Schema.Properties, known.Schema.Properties)
	return body
}

func (d *describer) result(h *model.Handler) Result {
	res := Result{Status: h.Result.Status}
	var t types.Type
	if len(h.Func.Results) > 0 {
		t = h.Func.Results[0]
	}
	if h.Result.Response {
		t = types.Unalias(t).(*types.Named).TypeArgs().At(0)
	}
	switch h.Result.Kind {
	case model.JSONResult:
		res.ContentType, res.Type, res.Schema = "application/json", t.String(), d.schema(t)
	case model.TextResult:
		res.ContentType, res.Type = "text/plain; charset=utf-8", t.String()
	case model.BytesResult, model.StreamResult:
		res.ContentType, res.Type = "application/octet-stream", t.String()
	case model.LinesResult, model.EventsResult:
		value := model.ValueOfSequence(t)
		res.ContentType, res.Type, res.Schema = h.Result.Kind.ContentType(), t.String(), d.schema(value)
	case model.HandlerResult:
		res = Result{Type: t.String()}
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
		out.Args = append(out.Args, Arg{f.JSON, f.Type.String(), d.schema(f.Type)})
	}
	for _, call := range t.Calls {
		d.provider(call)
	}
	d.out.Tasks = append(d.out.Tasks, out)
}
