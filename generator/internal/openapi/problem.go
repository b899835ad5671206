package openapi

import (
	"cmp"
	"fmt"
	"net/http"
	"strings"
)

// problem is the answer with a problem document, a component. A text that is
// declared has one of its own.
func (w *writer) problem(status int, text string) *object {
	name, description := "Error", "Any other error."
	if status != 0 {
		description = http.StatusText(status)
		name = strings.NewReplacer(" ", "", "-", "", "'", "").Replace(description)
		if name == "" {
			name, description = fmt.Sprint("Status", status), fmt.Sprint("Status ", status)
		}
	}
	if w.answers == nil {
		w.answers = map[string]*object{}
	}
	description = cmp.Or(text, description)
	for unique, n := name, 2; ; unique, n = fmt.Sprint(name, n), n+1 {
		if w.answers[unique] == nil {
			w.answers[unique] = w.answer(status, description)
		}
		if w.answers[unique].get("description") == description {
			return new(object).set("$ref", "#/components/responses/"+unique)
		}
	}
}

func (w *writer) answer(status int, description string) *object {
	out := new(object).set("description", description)
	header := func(name, description string) {
		value := new(object).set("description", description).set("schema", new(object).set("type", "string"))
		out.set("headers", new(object).set(name, value))
	}
	switch status {
	case http.StatusUnauthorized:
		header("WWW-Authenticate", "How to authenticate.")
	case http.StatusServiceUnavailable, http.StatusTooManyRequests:
		header("Retry-After", "The number of seconds after which to try again.")
	}
	w.schemas.extra["Problem"], w.schemas.extra["FieldError"] = problemSchema(), fieldErrorSchema()
	schema := new(object).set("$ref", "#/components/schemas/Problem")
	return out.set("content", new(object).set("application/problem+json", new(object).set("schema", schema)))
}

func problemSchema() *object {
	text := func(description string) *object {
		return new(object).set("description", description).set("type", "string")
	}
	return new(object).
		set("description", "What went wrong (RFC 9457).").
		set("type", "object").
		set("properties", new(object).
			set("type", text("A URI that names the kind of problem.")).
			set("title", text("The kind of problem in words.")).
			set("status", new(object).set("description", "The status of the answer.").set("type", "integer").set("format", "int64")).
			set("detail", text("What went wrong this time.")).
			set("instance", text("A URI that names this occurrence.")).
			set("errors", new(object).set("description", "What was wrong with which value of the request.").set("type", "array").
				set("items", new(object).set("$ref", "#/components/schemas/FieldError")))).
		set("required", []string{"title", "status"})
}

func fieldErrorSchema() *object {
	text := func(description string) *object {
		return new(object).set("description", description).set("type", "string")
	}
	return new(object).
		set("description", "What was wrong with one value of the request.").
		set("type", "object").
		set("properties", new(object).
			set("in", text("Where the value is: path, query, header, cookie, form or body.")).
			set("name", text("The name of the value, or its place in the body: lines[0].price.")).
			set("code", text("What is wrong with it, for programs: missing, type, min.")).
			set("message", text("What is wrong with it, for people."))).
		set("required", []string{"in", "code", "message"})
}
