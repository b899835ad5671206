package openapi

import (
	"fmt"
	"go/types"
	"net/http"
	"regexp"
	"slices"
	"strings"

	"github.com/bggen/bggen/generator/internal/gotype"
	"github.com/bggen/bggen/generator/internal/model"
	"github.com/bggen/bggen/generator/internal/scan"
)

// anyMethod are the methods of a route that takes all.
var anyMethod = []string{"GET", "POST", "PUT", "PATCH", "DELETE"}

// route adds the operations of a route.
func (w *writer) route(h *model.Handler, r scan.Route) {
	method, host, pattern := r.Split()
	name := identifier(h.Func.FullName())
	path, wild := pathOf(w.pkg.Mount + pattern)
	path, names := w.samePath(path)
	list := []string{method}
	if method == "" {
		list = anyMethod
	}
	for _, m := range list {
		op := &operation{name: lower(name), path: path, method: strings.ToLower(m), handler: h, tag: w.tagOf[w.pkg.Path]}
		if method == "" {
			op.name += upper(op.method)
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
			op.content.set("servers", servers([]string{"//" + host}))
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

func (w *writer) operation(h *model.Handler, op *operation, wild string, names map[string]string) *object {
	w.schemas.pkg = w.pkg.Package
	content := new(object).set("operationId", "")
	comment := ""
	if h.Func.Object != nil {
		comment = w.comments(h.Func.Pkg, h.Func.Object.Pos())
	}
	summary, rest, deprecated := summarize(h.Func.Name, comment)
	content.set("summary", summary).text("description", rest).set("tags", []string{op.tag})
	if deprecated {
		content.set("deprecated", true)
	}
	security, credentials := w.security(h)
	if params := w.params(h, op, wild, names, credentials); len(params) > 0 {
		content.set("parameters", params)
	}
	if body := w.body(h); body != nil {
		content.set("requestBody", body)
	}
	return content.set("responses", w.responses(h, op)).set("security", security)
}

// params are the parameters of the path, the query, headers and cookies. A
// wildcard of the path that nothing reads is one as well.
func (w *writer) params(h *model.Handler, op *operation, wild string, names map[string]string, credentials map[*model.Binding]bool) (list []*object) {
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
		p := new(object).set("name", name).set("in", b.In.String())
		description := w.fieldComment(h, b)
		if b.In == model.Path && b.Name == wild {
			description = strings.TrimSpace(description + " The rest of the path, with its slashes.")
		}
		p.text("description", description)
		if isRequired(b) {
			p.set("required", true)
		}
		list = append(list, p.set("schema", w.value(b)))
	}
	for _, m := range wildcard.FindAllStringSubmatch(op.path, -1) {
		if !read["path "+m[1]] {
			list = append(list, new(object).set("name", m[1]).set("in", "path").set("required", true).set("schema", new(object).set("type", "string")))
		}
	}
	return list
}

// fieldComment is the comment of the field of a parameter struct that is read from
// a value.
func (w *writer) fieldComment(h *model.Handler, b *model.Binding) string {
	args := slices.Clone(h.Args)
	for _, call := range h.Calls {
		args = append(args, call.Args...)
	}
	for _, arg := range args {
		if s, ok := arg.(*model.Struct); ok {
			if field := fieldOf(s, b); field != nil {
				return w.schemas.comment(field)
			}
		}
	}
	return ""
}

// fieldOf is the field of a parameter struct that a binding fills, at any depth.
func fieldOf(s *model.Struct, b *model.Binding) *types.Var {
	for _, f := range s.Fields {
		switch v := f.Value.(type) {
		case *model.Binding:
			if v != b {
				continue
			}
			for field := range s.Type.Underlying().(*types.Struct).Fields() {
				if field.Name() == f.Name {
					return field
				}
			}
		case *model.Struct:
			if field := fieldOf(v, b); field != nil {
				return field
			}
		}
	}
	return nil
}

func isRequired(b *model.Binding) bool {
	switch b.Form {
	case model.Single, model.Credential, model.File, model.JSON:
		return true
	}
	return b.In == model.Path
}

// value is the schema of a value that is read from text.
func (w *writer) value(b *model.Binding) *object {
	var schema *object
	switch named, _ := types.Unalias(b.ReadAs()).(*types.Named); {
	case b.Form == model.File || b.Form == model.Files:
		schema = new(object).set("type", "string").set("contentMediaType", "application/octet-stream")
	case named != nil && known(named) != nil:
		schema = known(named)
	case b.Elem == model.Text:
		schema = new(object).set("type", "string")
	case gotype.IsDuration(b.ReadAs()):
		schema = new(object).set("type", "string").set("description", "A duration such as 1h30m or 250ms.")
	default:
		schema = w.schemas.of(b.Type, in)
	}
	switch b.Form {
	case model.Repeated, model.Files:
		schema = w.repeated(b, schema)
		if b.OrList != nil {
			schema.set("default", model.Values(b.OrList))
		}
	case model.Default:
		schema = limit(schema, b).set("default", model.Value(b.Or))
	default:
		schema = limit(schema, b)
	}
	return schema
}

// repeated is a list of values: a limit holds for each, or for their number.
func (w *writer) repeated(b *model.Binding, item *object) *object {
	list := new(object).set("type", "array")
	each, all := *b, *b
	each.Checks, all.Checks = nil, nil
	for _, c := range b.Checks {
		if c.List {
			all.Checks = append(all.Checks, c)
		} else {
			each.Checks = append(each.Checks, c)
		}
	}
	return limit(list.set("items", limit(item, &each)), &all)
}

const defaultMaxBody = 1 << 20 // as package adapter has it

// body is the body of the request, nil if there is none.
func (w *writer) body(h *model.Handler) *object {
	content, required, form := new(object), false, new(object)
	var fields []string
	files := false
	for _, b := range h.Bindings {
		switch {
		case b.In == model.FormData:
			field := w.value(b)
			if comment := w.fieldComment(h, b); comment != "" {
				field = described(field, comment)
			}
			form.set(b.Name, field)
			if isRequired(b) {
				fields = append(fields, b.Name)
			}
			files = files || b.Form == model.File || b.Form == model.Files
		case b.In == model.Body && (b.Form == model.JSON || b.Form == model.OptionalJSON):
			w.jsonBody(content.child("application/json"), b)
			required = required || b.Form == model.JSON
		case b.In == model.Body && len(content.members) == 0:
			content.set("application/octet-stream", new(object).set("schema", new(object)))
		}
	}
	if len(form.members) > 0 {
		schema := new(object).set("type", "object").set("properties", form)
		if len(fields) > 0 {
			schema.set("required", fields)
			required = true
		}
		if !files {
			content.set("application/x-www-form-urlencoded", new(object).set("schema", schema))
		}
		content.set("multipart/form-data", new(object).set("schema", schema))
	}
	if len(content.members) == 0 {
		return nil
	}
	size := h.MaxBody
	if size == 0 {
		size = defaultMaxBody
	}
	body := new(object).set("description", "At most "+bytesText(size)+".")
	body.set("content", content)
	if required {
		body.set("required", true)
	}
	return body
}

// jsonBody adds a JSON body to its content, or a member of one to those that are there.
func (w *writer) jsonBody(content *object, b *model.Binding) {
	if b.Name == "" {
		content.set("schema", plain(w.schemas.of(b.JSON.Type, in)))
		return
	}
	schema := content.child("schema").set("type", "object")
	member := w.schemas.object(new(object), b.JSON.Type, in)
	properties := schema.child("properties")
	for _, m := range member.child("properties").members {
		properties.set(m.name, m.value)
	}
	if list, ok := member.get("required").([]string); ok {
		before, _ := schema.get("required").([]string)
		schema.set("required", append(before, list...))
	}
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
func (w *writer) responses(h *model.Handler, op *operation) *object {
	out := new(object)
	status, answer := w.success(h)
	out.set(status, answer)
	list := map[int]string{}
	binds, hasBody, decodes := false, false, false
	for _, b := range h.Bindings {
		if b.Form == model.Credential {
			list[http.StatusUnauthorized] = ""
			continue
		}
		raw := b.Form == model.Raw || b.Form == model.Stream
		hasBody = hasBody || b.In >= model.FormData
		decodes = decodes || b.In >= model.FormData && !raw
		binds = binds || canFail(b)
	}
	if binds {
		list[http.StatusUnprocessableEntity] = ""
	}
	if hasBody {
		list[http.StatusRequestEntityTooLarge] = ""
	}
	if decodes {
		list[http.StatusBadRequest], list[http.StatusUnsupportedMediaType] = "", ""
	}
	if h.Tasks {
		list[http.StatusServiceUnavailable] = ""
	}
	for status, text := range declared(h) {
		list[status] = text
	}
	for status := 400; status < 600; status++ {
		if text, ok := list[status]; ok {
			out.set(fmt.Sprint(status), w.problem(status, text))
		}
	}
	if fails(h) && !has4xx(list) {
		out.set("4XX", w.problem(0, ""))
	}
	return out.set("default", w.problem(0, ""))
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

func has4xx(list map[int]string) bool {
	for status := range list {
		if status < 500 {
			return true
		}
	}
	return false
}

// declared are the answers that the handler and all that it needs declare. What
// the handler says of a status counts first.
func declared(h *model.Handler) map[int]string {
	list := map[int]string{}
	add := func(f *scan.Func) {
		for _, a := range f.Answers {
			if list[a.Status] == "" {
				list[a.Status] = a.Text
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
func (w *writer) success(h *model.Handler) (status string, answer *object) {
	status = fmt.Sprint(h.Result.Status)
	if h.Result.Status == 0 {
		status = "2XX"
	}
	text := http.StatusText(h.Result.Status)
	if text == "" {
		text = "Success"
	}
	answer = new(object).set("description", text)
	var t types.Type
	if len(h.Func.Results) > 0 {
		t = h.Func.Results[0]
	}
	if h.Result.Response {
		t = types.Unalias(t).(*types.Named).TypeArgs().At(0)
	}
	content := func(contentType string, schema *object) {
		answer.set("content", new(object).set(contentType, new(object).set("schema", schema)))
	}
	switch h.Result.Kind {
	case model.JSONResult:
		schema := w.schemas.of(t, out)
		if _, isSlice := t.Underlying().(*types.Slice); isSlice {
			schema = plain(schema) // a nil slice at the top is []
		}
		content("application/json", schema)
	case model.TextResult:
		content("text/plain", new(object).set("type", "string"))
	case model.LinesResult, model.EventsResult:
		schema := w.schemas.of(model.ValueOfSequence(t), out)
		what := map[model.ResultKind]string{model.LinesResult: "Each line is one of these.", model.EventsResult: "The data of each event is one of these."}[h.Result.Kind]
		content(h.Result.Kind.ContentType(), described(schema, what))
	case model.BytesResult, model.StreamResult:
		content("application/octet-stream", new(object))
	}
	return status, answer
}
