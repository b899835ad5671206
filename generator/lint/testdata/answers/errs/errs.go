// Package errs has errors of a program, and does not know bggen. // want package:`answers: NotFound\[404\], code\[\]`
package errs

// NotFound is answered with 404.
type NotFound struct{ What string }

func (e *NotFound) Error() string   { return e.What }
func (e *NotFound) StatusCode() int { return 404 }

type code struct {
	status int
	text   string
}

func (e code) Error() string   { return e.text }
func (e code) StatusCode() int { return e.status }

// New makes an error with a status.
func New(status int, text string) error { return code{status, text} }
