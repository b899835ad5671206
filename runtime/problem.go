package runtime

import (
	"encoding/json"
	"errors"
	"net/http"
	"reflect"
	"strings"
)

// A Problem is a JSON document that says what went wrong (RFC 9457), and an error that is
// answered with that document. A struct that embeds Problem is answered with its own fields
// as well, which are the extension members of the document:
//
//	type OutOfStock struct {
//		runtime.Problem
//		Left int `json:"left"`
//	}
//
//	return &OutOfStock{runtime.Problem{Status: http.StatusConflict, Detail: "there is not enough of it"}, 3}
type Problem struct {
	Type     string       `json:"type,omitempty"` // a URI; "" means about:blank
	Title    string       `json:"title"`          // "": the status text
	Status   int          `json:"status"`         // 400 to 599; anything else is answered as 500
	Detail   string       `json:"detail,omitempty"`
	Instance string       `json:"instance,omitempty"`
	Errors   []FieldError `json:"errors,omitempty"` // what was wrong with which value

	// Header is added to the response: WWW-Authenticate, Retry-After.
	Header http.Header `json:"-"`

	extended embedder // what embeds it: the whole document
}

// An embedder is a *Problem, or a struct that embeds one.
type embedder interface {
	error
	problem() *Problem
}

func (p *Problem) problem() *Problem { return p }

func (p *Problem) Error() string {
	if p == nil {
		return "a nil *Problem as an error"
	}
	text := p.Title
	if text == "" {
		text = http.StatusText(p.Status)
	}
	if p.Detail != "" {
		text += ": " + p.Detail
	}
	return text
}

// StatusCode returns the status of the answer.
func (p *Problem) StatusCode() int {
	if p == nil {
		return http.StatusInternalServerError
	}
	return p.Status
}

// A FieldError says what is wrong with one value of a request. It does not contain the
// value.
type FieldError struct {
	In      string `json:"in"`             // path, query, header, cookie, form or body
	Name    string `json:"name,omitempty"` // of the value; "" for the body as a whole
	Code    string `json:"code"`           // stable, for programs: missing, type, ...
	Message string `json:"message"`        // for people
}

// FieldErrors is an error with several [FieldError]. The method Validate of a type may
// return it to report more than one thing. An empty In stands for the place of the value,
// an empty Code for "invalid".
type FieldErrors []FieldError

func (e FieldErrors) Error() string {
	texts := make([]string, len(e))
	for i, f := range e {
		texts[i] = f.Name + " " + f.Message
	}
	return strings.Join(texts, ", ")
}

// A BindError is the error of a request whose values do not fit the parameters of its
// handler.
type BindError struct {
	Status int          // 422; or 400, 413 or 415 for a body that could not be read
	Errors []FieldError // never empty; in the order path, query, header, cookie, form, body
}

func (e *BindError) Error() string {
	first := e.Errors[0]
	text := first.In
	if first.Name != "" {
		text += " " + first.Name
	}
	return text + ": " + first.Message
}

// StatusCode returns the status of the answer.
func (e *BindError) StatusCode() int { return e.Status }

// Unavailable returns an error that is answered with 503 and the header
// Retry-After: the client may make the request again. The detail is for the
// client, the cause for the log.
func Unavailable(detail string, cause error) error {
	return &unavailable{Problem{
		Status: http.StatusServiceUnavailable,
		Detail: detail,
		Header: http.Header{"Retry-After": {"1"}},
	}, cause}
}

type unavailable struct {
	problem Problem
	cause   error
}

func (e *unavailable) Error() string   { return e.cause.Error() }
func (e *unavailable) Unwrap() []error { return []error{&e.problem, e.cause} }

// ProblemOf returns the problem document that err is answered with. The text of
// an error that says nothing of a status is not for clients.
func ProblemOf(err error) *Problem {
	if e, ok := errors.AsType[embedder](err); ok {
		if isNil(e) {
			return &Problem{Status: http.StatusInternalServerError}
		}
		answer := *e.problem()
		if answer.extended = nil; e != embedder(e.problem()) {
			answer.extended = e
		}
		if answer.Status < 400 || answer.Status > 599 {
			answer.Status = http.StatusInternalServerError
		}
		return &answer
	}
	if e, ok := errors.AsType[*BindError](err); ok {
		return &Problem{Status: e.Status, Detail: "the request does not fit", Errors: e.Errors}
	}
	if _, ok := errors.AsType[*http.MaxBytesError](err); ok { // of a BodyStream
		return &Problem{Status: http.StatusRequestEntityTooLarge}
	}
	if e, ok := errors.AsType[statusError](err); ok {
		if code := e.StatusCode(); code >= 500 && code <= 599 {
			return &Problem{Status: code}
		} else if code >= 400 && code <= 499 {
			return &Problem{Status: code, Detail: e.Error()}
		}
	}
	return &Problem{Status: http.StatusInternalServerError}
}

// isNil reports whether e is a nil pointer, or embeds one.
func isNil(e embedder) bool {
	if v := reflect.ValueOf(e); v.Kind() == reflect.Pointer && v.IsNil() {
		return true
	}
	return e.problem() == nil
}

type statusError interface {
	error
	StatusCode() int
}

// Respond answers with p. It is what a function given to [WithErrorHandler] falls
// back to:
//
//	runtime.ProblemOf(err).Respond(w)
func (p *Problem) Respond(w http.ResponseWriter) {
	if p.Title == "" {
		p.Title = http.StatusText(p.Status)
	}
	body, err := p.document()
	if err != nil { // of a member that cannot be written as JSON
		plain := *p
		plain.extended = nil
		body, _ = plain.document()
	}
	h := w.Header()
	for name, values := range p.Header {
		for _, value := range values {
			h.Add(name, value)
		}
	}
	h.Del("Content-Length") // of the answer the handler meant to give
	h.Set("Content-Type", "application/problem+json")
	w.WriteHeader(p.Status)
	w.Write(body)
}

// document is p as JSON, with the members of the struct that embeds it.
func (p *Problem) document() ([]byte, error) {
	if p.extended == nil {
		return json.Marshal(p)
	}
	whole := reflect.ValueOf(p.extended)
	if whole.Kind() == reflect.Pointer {
		whole = whole.Elem()
	}
	copied := reflect.New(whole.Type())
	copied.Elem().Set(whole) // the error may be shared by requests
	switch field := copied.Elem().FieldByName("Problem"); field.Kind() {
	case reflect.Struct:
		field.Set(reflect.ValueOf(*p))
	case reflect.Pointer:
		field.Set(reflect.ValueOf(p))
	}
	return json.Marshal(copied.Interface())
}
