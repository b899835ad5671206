package openapi

import (
	"cmp"
	"fmt"
	"go/types"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strings"

	"github.com/bggen/bggen/generator/internal/model"
	"github.com/bggen/bggen/generator/internal/scan"
	"github.com/bggen/bggen/generator/internal/schema"
)

// anyMethod are the methods of a route that takes all.
var anyMethod = []string{"GET", "POST", "PUT", "PATCH", "DELETE"}

// route adds the operations of a route.
func (w *writer) route(h *model.Handler, r scan.Route) {
	method, host, pattern := r.Split()
	name := schema.Identifier(h.Func.FullName())
	path, wild := pathOf(w.pkg.Mount + pattern)
	path, names := w.samePath(path)
	list := []string{method}
	if method == "" {
		list = anyMethod
	}
	for _, m := range list {
		op := &operation{name: lower(name), path: path, method: strings.ToLower(m), handler: h, tag: w.tagOf[w.pkg.Path]}
		if method == "" {
			op.name += schema.Upper(op.method)
		}
		if !slices.Contains(methods, op.method) {
			w.note("%s %s: OpenAPI 3.1 has no method %s", m, path, m)
			continue
		}
		if w.has(op) {
			w.note("%s %s has several handlers, and a document one: %s is left out", m, path, h.Func.FullName())
			continue
		}
		op.content = w.operation(h, op, wild, names)
		if host != "" {
			op.content.Set("servers", servers([]string{"//" + host}))
		}
		w.operations = append(w.operations, op)
	}
}

// has reports whether there is an operation of that method and path.
func (w *writer) has(op *operation) bool {
	key := op.method + " " + op.path
	had := w.known[key]
	w.known[key] = true
	return had
}

// samePath returns the path under which the document has one already that differs
// in the names of wildcards alone, and how these are called in it.
func (w *writer) samePath(path string) (string, map[string]string) {
	shape := wildcard.ReplaceAllString(path, "{}")
	if w.shapes[shape] == "" {
		w.shapes[shape] = path
	}
	names := map[string]string{}
	theirs := wildcard.FindAllStringSubmatch(w.shapes[shape], -1)
	for i, m := range wildcard.FindAllStringSubmatch(path, -1) {
		names[m[1]] = theirs[i][1]
	}
	return w.shapes[shape], names
}

var wildcard = regexp.MustCompile(`\{([^}]*?)(\.\.\.)?\}`)

// pathOf is the path of a pattern, and the name of a wildcard for the rest of it.
func pathOf(pattern string) (path, wild string) {
	pattern = strings.TrimSuffix(pattern, "{$}")
	for _, m := range wildcard.FindAllStringSubmatch(pattern, -1) {
		if m[2] != "" {
			wild = m[1]
		}
	}
	return wildcard.ReplaceAllString(pattern, "{$1}"), wild
}

func (w *writer) operation(h *model.Handler, op *operation, wild string, names map[string]string) *schema.Object {
	w.schemas.Package = w.pkg.Package
	content := new(schema.Object).Set("operationId", "")
	comment := ""
	if h.Func.Object != nil {
		comment = w.comments(h.Func.Object)
	}
	summary, rest, deprecated := summarize(h.Func.Name, comment)
	content.Set("summary", summary).Text("description", rest).Set("tags", []string{op.tag})
	if deprecated {
		content.Set("deprecated", true)
	}
	security, credentials := w.security(h)
	if params := w.params(h, op, wild, names, credentials); len(params) > 0 {
		content.Set("parameters", params)
	}
	if body := w.body(h); body != nil {
		content.Set("requestBody", body)
	}
	return content.Set("responses", w.responses(h, op)).Set("security", security)
}

// params are the parameters of the path, the query, headers and cookies. A
// wildcard of the path that nothing reads is one as well.
func (w *writer) params(h *model.Handler, op *operation, wild string, names map[string]string, credentials map[*model.Binding]bool) (list []*schema.Object) {
	read := map[string]bool{} // by place and name
	for _, b := range h.Bindings {
		if b.In >= model.FormData || credentials[b] {
			continue
		}
		name := b.Name
		if b.In == model.Path {
			if name = names[b.Name]; name == "" {
				continue // of another route of the handler
			}
		}
		key := b.In.String() + " " + name
		if read[key] {
			continue
		}
		read[key] = true
		p := new(schema.Object).Set("name", name).Set("in", b.In.String())
		description := w.schemas.Comment(h, b)
		if b.In == model.Path && b.Name == wild {
			description = strings.TrimSpace(description + " The rest of the path, with its slashes.")
		}
		p.Text("description", description)
		if b.Required() || b.In == model.Path {
			p.Set("required", true)
		}
		p.Set("schema", w.schemas.Value(b))
		if b.Example != nil {
			p.Set("example", b.Example) // pages show only this one of a parameter
		}
		list = append(list, p)
	}
	for _, m := range wildcard.FindAllStringSubmatch(op.path, -1) {
		if !read["path "+m[1]] {
			list = append(list, new(schema.Object).Set("name", m[1]).Set("in", "path").Set("required", true).Set("schema", new(schema.Object).Set("type", "string")))
		}
	}
	return list
}

// body is the body of the request, nil if there is none.
func (w *writer) body(h *model.Handler) *schema.Object {
	content, required := w.form(h)
	if json, isRequired := w.schemas.JSONBody(h); json != nil {
		content.Child("application/json").Set("schema", json)
		required = required || isRequired
	}
	if len(content.Members) == 0 && slices.ContainsFunc(h.Bindings, func(b *model.Binding) bool { return b.In == model.Body }) {
		content.Child("application/octet-stream").Set("schema", new(schema.Object))
	}
	if len(content.Members) == 0 {
		return nil
	}
	body := new(schema.Object).Set("description", "At most "+bytesText(h.MostBody())+".").Set("content", content)
	if required {
		body.Set("required", true)
	}
	return body
}

// form is the content of a form, which is empty if there is none, and whether there
// must be one. Files can only be sent as multipart/form-data.
func (w *writer) form(h *model.Handler) (content *schema.Object, required bool) {
	fields, names, files := new(schema.Object), []string{}, false
	for _, b := range h.Bindings {
		if b.In != model.FormData {
			continue
		}
		fields.Set(b.Name, schema.Described(w.schemas.Value(b), w.schemas.Comment(h, b)))
		if b.Required() {
			names = append(names, b.Name)
		}
		files = files || b.Form == model.File || b.Form == model.Files
	}
	content = new(schema.Object)
	if len(fields.Members) == 0 {
		return content, false
	}
	form := new(schema.Object).Set("type", "object").Set("properties", fields)
	if len(names) > 0 {
		form.Set("required", names)
	}
	if h.Strict {
		form.Set("additionalProperties", false)
	}
	if !files {
		content.Child("application/x-www-form-urlencoded").Set("schema", form)
	}
	content.Child("multipart/form-data").Set("schema", form)
	return content, len(names) > 0
}

// bytesText writes a size in words.
func bytesText(n int64) string {
	for i, unit := range []string{"GiB", "MiB", "KiB"} {
		if size := int64(1) << (30 - 10*i); n >= size && n%size == 0 {
			return fmt.Sprintf("%d %s", n/size, unit)
		}
	}
	return fmt.Sprintf("%d bytes", n)
}

// responses are the answers: of the handler, of the adapter, and those that are
// declared.
func (w *writer) responses(h *model.Handler, op *operation) *schema.Object {
	out := new(schema.Object)
	out.Set(w.success(h))
	list := map[int]answer{}
	binds, hasBody, decodes := false, false, false
	for _, b := range h.Bindings {
		if b.Form == model.Credential {
			list[http.StatusUnauthorized] = answer{}
			continue
		}
		raw := b.Form == model.Raw || b.Form == model.Stream
		hasBody = hasBody || b.In >= model.FormData
		decodes = decodes || b.In >= model.FormData && !raw
		binds = binds || canFail(b)
	}
	if binds {
		list[http.StatusUnprocessableEntity] = answer{}
	}
	if hasBody {
		list[http.StatusRequestEntityTooLarge] = answer{}
	}
	if decodes {
		list[http.StatusBadRequest], list[http.StatusUnsupportedMediaType] = answer{}, answer{}
	}
	if h.Tasks {
		list[http.StatusServiceUnavailable] = answer{}
	}
	maps.Copy(list, declared(h))
	for status := 400; status < 600; status++ {
		if a, ok := list[status]; ok {
			out.Set(fmt.Sprint(status), w.problem(status, a))
		}
	}
	if fails(h) && !has4xx(list) {
		out.Set("4XX", w.problem(0, answer{}))
	}
	return out.Set("default", w.problem(0, answer{}))
}

// canFail reports whether a value can be refused: all but text without limits that
// may be absent, or that is always there. A query can be malformed as a whole.
func canFail(b *model.Binding) bool {
	if b.Form == model.Raw || b.Form == model.Stream {
		return false
	}
	basic, _ := types.Unalias(b.Type).(*types.Basic)
	text := basic != nil && basic.Info()&types.IsString != 0 && len(b.Checks) == 0 && b.Validate == model.Never
	always := b.In == model.Path || (b.In == model.Header || b.In == model.Cookie) && (b.Form == model.Optional || b.Form == model.Opt || b.Form == model.Default)
	return !(text && always)
}

// fails reports whether the handler, or something that it needs, returns errors,
// which have the status that they say.
func fails(h *model.Handler) bool {
	return h.Result.HasError || slices.ContainsFunc(h.Calls, func(c *model.Call) bool { return c.HasError })
}

func has4xx(list map[int]answer) bool {
	for status := range list {
		if status < 500 {
			return true
		}
	}
	return false
}

// An answer is an error, in words if somebody has declared them.
type answer struct {
	by   *scan.Func
	text string
}

// declared are the answers that the handler and all that it needs declare. What
// the handler says of a status counts first.
func declared(h *model.Handler) map[int]answer {
	list := map[int]answer{}
	add := func(f *scan.Func) {
		for _, a := range f.Answers {
			if list[a.Status].text == "" {
				list[a.Status] = answer{f, a.Text}
			}
		}
	}
	add(h.Func)
	for _, call := range h.Calls {
		add(call.Provider)
		if call.Provider.Origin != nil {
			add(call.Provider.Origin)
		}
	}
	return list
}

// success is the answer of the handler itself.
func (w *writer) success(h *model.Handler) (status string, answer *schema.Object) {
	status = fmt.Sprint(h.Result.Status)
	if h.Result.Status == 0 {
		status = "2XX"
	}
	answer = new(schema.Object).Set("description", cmp.Or(http.StatusText(h.Result.Status), "Success"))
	if contentType, result := w.schemas.Result(h); contentType != "" {
		answer.Set("content", content(contentType, result))
	}
	return status, answer
}

// content is one content type with its schema.
func content(contentType string, of *schema.Object) *schema.Object {
	return new(schema.Object).Set(contentType, new(schema.Object).Set("schema", of))
}
