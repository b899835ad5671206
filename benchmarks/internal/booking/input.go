package booking

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"reflect"
	"strconv"
	"strings"
)

// maxBody is the most bytes of a body that are read.
const maxBody = 1 << 20

// input is what a request says.
type input struct {
	hotel, guests, nights int
	body                  Booking
}

// readInput reads a request as its documentation asks for, and says all that is
// wrong with it at once.
func readInput(w http.ResponseWriter, r *http.Request) (in input, err error) {
	var c checks
	query := r.URL.Query()
	in.hotel, _ = c.number("path", "hotel", r.PathValue("hotel"))
	in.guests = c.guests(last(query["guests"]))
	nights, _ := last(query["nights"])
	in.nights = c.nights(nights)
	text, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	c.body(r, text, err, &in.body)
	return in, c.err()
}

// last is the one that counts of the values of a query parameter.
func last(values []string) (string, bool) {
	if len(values) == 0 {
		return "", false
	}
	return values[len(values)-1], true
}

// fieldError says what is wrong with one value.
type fieldError struct {
	In      string `json:"in"`
	Name    string `json:"name,omitempty"`
	Code    string `json:"code"`
	Message string `json:"message"`
}

// A badInput is the error of a request that does not fit.
type badInput struct {
	status int
	errors []fieldError
}

func (b *badInput) Error() string   { return "the request does not fit" }
func (b *badInput) StatusCode() int { return b.status }

// checks collects what is wrong.
type checks struct {
	status int // of a body that cannot be read; 0: 422
	errors []fieldError
}

func (c *checks) err() error {
	if c.errors == nil {
		return nil
	}
	return &badInput{cmp.Or(c.status, http.StatusUnprocessableEntity), c.errors}
}

func (c *checks) reject(in, name, code, message string) {
	c.errors = append(c.errors, fieldError{in, name, code, message})
}

func (c *checks) number(in, name, text string) (n int, ok bool) {
	n, err := strconv.Atoi(text)
	switch {
	case err == nil:
		return n, true
	case errors.Is(err, strconv.ErrRange):
		c.reject(in, name, "type", "is out of range")
	default:
		c.reject(in, name, "type", "must be an integer")
	}
	return 0, false
}

func (c *checks) guests(text string, ok bool) int {
	if !ok {
		c.reject("query", "guests", "missing", "is required")
		return 0
	}
	return c.between("guests", text, 1, 8)
}

func (c *checks) nights(text string) int {
	if text == "" {
		return 1
	}
	return c.between("nights", text, 1, 30)
}

// between is a number in the query with its limits.
func (c *checks) between(name, text string, low, high int) int {
	n, ok := c.number("query", name, text)
	if ok && n < low {
		c.reject("query", name, "min", fmt.Sprintf("must be at least %d", low))
	}
	if ok && n > high {
		c.reject("query", name, "max", fmt.Sprintf("must be at most %d", high))
	}
	return n
}

// body decodes what was read of a body, up to err.
func (c *checks) body(r *http.Request, text []byte, err error, into *Booking) {
	_, tooLarge := errors.AsType[*http.MaxBytesError](err)
	bare := bytes.TrimSpace(text)
	switch {
	case tooLarge:
		c.refuse(http.StatusRequestEntityTooLarge, "size", fmt.Sprintf("is larger than %d bytes", maxBody))
	case err != nil:
		c.refuse(http.StatusBadRequest, "read", "could not be read to its end")
	case len(bare) == 0 || string(bare) == "null":
		c.reject("body", "", "missing", "is required")
	case !isJSON(r.Header.Get("Content-Type")):
		c.refuse(http.StatusUnsupportedMediaType, "content_type", "must be sent with the header Content-Type: application/json")
	default:
		c.decode(text, into)
	}
}

// refuse refuses the body as a whole.
func (c *checks) refuse(status int, code, message string) {
	c.status = status
	c.reject("body", "", code, message)
}

func (c *checks) decode(text []byte, into *Booking) {
	err := json.Unmarshal(text, into)
	if err == nil {
		return
	}
	if syntax, ok := errors.AsType[*json.SyntaxError](err); ok {
		c.refuse(http.StatusBadRequest, "syntax", fmt.Sprintf("is not valid JSON at byte %d", syntax.Offset))
	} else if wrong, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		c.reject("body", wrong.Field, "type", "must be "+kind(wrong.Type))
	} else {
		c.reject("body", "", "type", "is not valid")
	}
}

// kind says what JSON a field of a Booking, or all of it, is read from.
func kind(t reflect.Type) string {
	switch t.Kind() {
	case reflect.String:
		return "a string"
	case reflect.Int:
		return "an integer in the range of int"
	}
	return "an object"
}

// isJSON reports whether a media type is JSON (RFC 6839).
func isJSON(contentType string) bool {
	if contentType == "application/json" {
		return true
	}
	media, _, err := mime.ParseMediaType(contentType)
	return err == nil && (media == "application/json" || strings.HasPrefix(media, "application/") && strings.HasSuffix(media, "+json"))
}
