package contract

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// A drawn request is one for an operation, before it has a form on the wire.
type drawn struct {
	op          *operation
	params      map[parameter]any // those that it has; by their place and name alone
	contentType string            // "": it has no body
	body        any
	raw         string // in place of the body, if it is not ""
}

// draw draws a right request.
func (op *operation) draw(d *drawer) *drawn {
	out := &drawn{op: op, params: map[parameter]any{}}
	for _, p := range op.params {
		if p.in == "path" || p.required || d.IntN(2) == 0 {
			out.params[p.key()] = d.parameter(p)
		}
	}
	if types := op.contentTypes(); len(types) > 0 && (op.bodyRequired || d.IntN(4) > 0) {
		out.contentType = types[d.IntN(len(types))]
		out.body = d.value(op.body[out.contentType], 0)
	}
	return out
}

func (p parameter) key() parameter { return parameter{name: p.name, in: p.in} }

// parameter draws a value that a parameter can have: one in a path is never
// empty, and one in a header or a cookie is plain ASCII.
func (d *drawer) parameter(p parameter) any {
	var v any
	for range 20 {
		v = d.value(p.schema, 0)
		text, isText := v.(string)
		if v != nil && !(isText && (p.in == "path" && strings.Trim(text, "./") != text || p.in != "query" && text == "")) &&
			!(isText && (p.in == "header" || p.in == "cookie") && strings.IndexFunc(text, isSpecial) >= 0) {
			return v
		}
	}
	return v
}

func isSpecial(r rune) bool { return r <= ' ' || r > '~' || strings.ContainsRune(`",;\%`, r) }

// spoil makes one mistake.
func (r *drawn) spoil(d *drawer) {
	var mistakes []func()
	for _, p := range r.op.params {
		key := p.key()
		if p.required && p.in != "path" {
			mistakes = append(mistakes, func() { delete(r.params, key) })
		}
		mistakes = append(mistakes, func() { r.params[key] = d.wrongParameter(p.schema) })
	}
	if r.contentType != "" {
		schema := r.op.body[r.contentType]
		mistakes = append(mistakes, func() { r.body = d.spoiled(schema, r.body) }, func() { r.body = d.spoiled(schema, r.body) })
		if isJSON(r.contentType) {
			mistakes = append(mistakes, func() { r.raw = `{"a":` })
		}
		if r.op.bodyRequired {
			mistakes = append(mistakes, func() { r.contentType = "" })
		}
	}
	if len(mistakes) > 0 {
		mistakes[d.IntN(len(mistakes))]()
	}
}

// wrongParameter draws a value that is sent: an empty path is for the router, and
// an empty value of a query counts as absent in many programs.
func (d *drawer) wrongParameter(schema any) any {
	for {
		if v := d.wrong(schema); strings.Join(texts(v), "") != "" {
			return v
		}
	}
}

// wrong draws a value that a schema does not allow, most of the time. It is never
// null, which counts as absent in many programs.
func (d *drawer) wrong(schema any) any {
	s := d.schemas.object(schema)
	list := []any{"no such value", true, int64(-(1 << 40)), 1.5, []any{}, map[string]any{"no": "such"}}
	for _, keyword := range []string{"minimum", "exclusiveMinimum"} {
		if n, ok := number(s, keyword); ok {
			list = append(list, int64(n)-1, int64(n)-1)
		}
	}
	for _, keyword := range []string{"maximum", "exclusiveMaximum"} {
		if n, ok := number(s, keyword); ok {
			list = append(list, int64(n)+1, int64(n)+1)
		}
	}
	if n := count(s, "minLength", 0); n > 0 {
		list = append(list, strings.Repeat("x", n-1))
	}
	if n, ok := number(s, "maxLength"); ok && n < 1<<16 {
		list = append(list, strings.Repeat("x", int(n)+1))
	}
	return list[d.IntN(len(list))]
}

// spoiled makes one mistake in the value of a schema, at any depth.
func (d *drawer) spoiled(schema, v any) any {
	s := d.schemas.object(schema)
	switch v := v.(type) {
	case map[string]any:
		properties := d.schemas.object(s["properties"])
		names := slices.Sorted(maps.Keys(properties))
		if len(names) == 0 || d.IntN(6) == 0 {
			break
		}
		out, name := maps.Clone(v), names[d.IntN(len(names))]
		switch d.IntN(4) {
		case 0:
			delete(out, name)
		case 1:
			out["noSuchProperty"] = true
		default:
			out[name] = d.spoiled(properties[name], v[name])
		}
		return out
	case []any:
		if len(v) > 0 && d.IntN(2) == 0 {
			out := slices.Clone(v)
			i := d.IntN(len(v))
			out[i] = d.spoiled(s["items"], v[i])
			return out
		}
	}
	return d.wrong(schema)
}

func isJSON(contentType string) bool {
	return contentType == "application/json" || strings.HasSuffix(contentType, "+json")
}

// request gives a request its form on the wire.
func (r *drawn) request() *http.Request {
	path, query := r.op.path, url.Values{}
	for p, v := range r.params {
		switch p.in {
		case "path":
			path = strings.ReplaceAll(path, "{"+p.name+"}", url.PathEscape(scalar(v)))
		case "query":
			query[p.name] = texts(v)
		}
	}
	if len(query) > 0 {
		path += "?" + query.Encode()
	}
	body, contentType := r.encoded()
	out := httptest.NewRequest(r.op.method, path, body)
	for _, p := range r.op.params { // in order: cookies share a header
		if v, ok := r.params[p.key()]; ok {
			switch p.in {
			case "header":
				out.Header.Set(p.name, strings.Join(texts(v), ","))
			case "cookie":
				out.AddCookie(&http.Cookie{Name: p.name, Value: scalar(v)})
			}
		}
	}
	if contentType != "" {
		out.Header.Set("Content-Type", contentType)
	}
	return out
}

// encoded returns the body and its content type.
func (r *drawn) encoded() (io.Reader, string) {
	switch {
	case r.contentType == "":
		return nil, ""
	case r.raw != "":
		return strings.NewReader(r.raw), r.contentType
	case isJSON(r.contentType):
		text, err := json.Marshal(r.body)
		if err != nil {
			panic(err) // of values that were drawn
		}
		return bytes.NewReader(text), r.contentType
	case r.contentType == "application/x-www-form-urlencoded":
		form := url.Values{}
		fields, _ := r.body.(map[string]any)
		for name, v := range fields {
			form[name] = texts(v)
		}
		return strings.NewReader(form.Encode()), r.contentType
	case r.contentType == "multipart/form-data":
		return r.multipart()
	}
	return strings.NewReader(scalar(r.body)), r.contentType
}

func (r *drawn) multipart() (io.Reader, string) {
	var text bytes.Buffer
	w := multipart.NewWriter(&text)
	_ = w.SetBoundary("boundary-of-a-drawn-request") // the same each time
	fields, _ := r.body.(map[string]any)
	properties := r.op.schemas.object(r.op.schemas.object(r.op.body[r.contentType])["properties"])
	for _, name := range slices.Sorted(maps.Keys(fields)) {
		for _, v := range texts(fields[name]) {
			if isFile(r.op.schemas, properties[name]) {
				part, _ := w.CreateFormFile(name, "file.bin") // a buffer has room
				_, _ = io.WriteString(part, v)
			} else {
				_ = w.WriteField(name, v)
			}
		}
	}
	_ = w.Close()
	return &text, w.FormDataContentType()
}

// isFile reports whether a part of a form is an upload, or a list of them.
func isFile(s *schemas, schema any) bool {
	o := s.object(schema)
	if items := s.object(o["items"]); items != nil {
		o = items
	}
	_, media := o["contentMediaType"]
	return media || o["format"] == "binary"
}

// texts returns the values of a parameter or a field of a form.
func texts(v any) []string {
	if list, ok := v.([]any); ok {
		var out []string
		for _, item := range list {
			out = append(out, scalar(item))
		}
		return out
	}
	return []string{scalar(v)}
}

func scalar(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	case nil:
		return ""
	}
	return fmt.Sprint(v)
}

// String is the request as a test reports it.
func (r *drawn) String() string {
	req := r.request()
	text := req.Method + " " + req.URL.String()
	for _, name := range slices.Sorted(maps.Keys(req.Header)) {
		text += fmt.Sprintf("\n\t\t%s: %s", name, strings.Join(req.Header[name], ", "))
	}
	if req.Body != nil {
		body, _ := io.ReadAll(req.Body)
		text += fmt.Sprintf("\n\t\t%.2000s", body)
	}
	return text
}
