package openapi

import (
	"fmt"
	"net/http"
	"strings"

	"github.com/bggen/bggen/generator/internal/schema"
)

// problem is the answer with a problem document, a component: Conflict, or one that is
// called after the function that says in words what it means: PlaceOrderConflict.
func (w *writer) problem(status int, a answer) *schema.Object {
	name, description := "Error", "Any other error."
	if status != 0 {
		description = http.StatusText(status)
		name = strings.NewReplacer(" ", "", "-", "", "'", "").Replace(description)
		if name == "" {
			name, description = fmt.Sprint("Status", status), fmt.Sprint("Status ", status)
		}
	}
	if a.text != "" {
		description = a.text
		name = w.nameOf(a, name, status)
	}
	if w.answers[name] == nil {
		w.answers[name] = w.answer(status, description)
	}
	return new(schema.Object).Set("$ref", "#/components/responses/"+name)
}

// nameOf is the name of an answer that a function declares. Functions that say the
// same share one.
func (w *writer) nameOf(a answer, name string, status int) string {
	key := fmt.Sprint(status, " ", a.text)
	if w.named[key] == "" {
		name = schema.Upper(schema.Identifier(a.by.FullName())) + name
		if w.answers[name] != nil {
			name = schema.Upper(schema.Identifier(a.by.Pkg.Name())) + name
		}
		unique := name
		for n := 2; w.answers[unique] != nil; n++ {
			unique = fmt.Sprint(name, n)
		}
		w.named[key] = unique
	}
	return w.named[key]
}

func (w *writer) answer(status int, description string) *schema.Object {
	out := new(schema.Object).Set("description", description)
	header := func(name, description string) {
		value := new(schema.Object).Set("description", description).Set("schema", new(schema.Object).Set("type", "string"))
		out.Set("headers", new(schema.Object).Set(name, value))
	}
	switch status {
	case http.StatusUnauthorized:
		header("WWW-Authenticate", "How to authenticate.")
	case http.StatusServiceUnavailable, http.StatusTooManyRequests:
		header("Retry-After", "The number of seconds after which to try again.")
	}
	w.extra = map[string]*schema.Object{"Problem": problemSchema(), "FieldError": fieldErrorSchema()}
	return out.Set("content", content("application/problem+json", new(schema.Object).Set("$ref", "#/components/schemas/Problem")))
}

func problemSchema() *schema.Object {
	text := func(description string) *schema.Object {
		return new(schema.Object).Set("description", description).Set("type", "string")
	}
	return new(schema.Object).
		Set("description", "What went wrong (RFC 9457).").
		Set("type", "object").
		Set("properties", new(schema.Object).
			Set("type", text("A URI that names the kind of problem.")).
			Set("title", text("The kind of problem in words.")).
			Set("status", new(schema.Object).Set("description", "The status of the answer.").Set("type", "integer").Set("format", "int64")).
			Set("detail", text("What went wrong this time.")).
			Set("instance", text("A URI that names this occurrence.")).
			Set("errors", new(schema.Object).Set("description", "What was wrong with which value of the request.").Set("type", "array").
				Set("items", new(schema.Object).Set("$ref", "#/components/schemas/FieldError")))).
		Set("required", []string{"title", "status"})
}

func fieldErrorSchema() *schema.Object {
	text := func(description string) *schema.Object {
		return new(schema.Object).Set("description", description).Set("type", "string")
	}
	return new(schema.Object).
		Set("description", "What was wrong with one value of the request.").
		Set("type", "object").
		Set("properties", new(schema.Object).
			Set("in", text("Where the value is: path, query, header, cookie, form or body.")).
			Set("name", text("The name of the value, or its place in the body: lines[0].price.")).
			Set("code", text("What is wrong with it, for programs: missing, type, min.")).
			Set("message", text("What is wrong with it, for people."))).
		Set("required", []string{"in", "code", "message"})
}
