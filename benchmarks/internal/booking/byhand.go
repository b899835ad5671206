package booking

import (
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
)

// byHand is the handler as a careful engineer writes it: with net/http alone,
// in the words of its documentation, and with no more than a go statement for
// the tasks.
type byHand struct {
	app    *App
	logger *slog.Logger
	tasks  int
}

func (h *byHand) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	in, err := readInput(w, r)
	if err != nil {
		h.fail(w, r, err)
		return
	}
	confirmation, err := h.book(r, in)
	if err != nil {
		h.fail(w, r, err)
		return
	}
	body, err := json.Marshal(confirmation)
	if err != nil {
		h.fail(w, r, err)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(http.StatusCreated)
	w.Write(body)
	h.bareGo(in.body.Email, confirmation.Number)
}

// book calls the providers, and what the handlers have in common.
func (h *byHand) book(r *http.Request, in input) (Confirmation, error) {
	member, err := CurrentMember(r)
	if err != nil {
		return Confirmation{}, err
	}
	rate, err := FindRate(h.app.Rates, member)
	if err != nil {
		return Confirmation{}, err
	}
	quote, err := NewQuote(member, rate)
	if err != nil {
		return Confirmation{}, err
	}
	return confirm(in.hotel, in.guests*in.nights*rate.Night, in.body, member, quote)
}

// bareGo has the tasks run, and promises nothing.
func (h *byHand) bareGo(email string, number int64) {
	switch h.tasks {
	case 1:
		go Notify(email, number)
	case 2:
		go func() {
			Notify(email, number)
			Audit(number)
		}()
	}
}

// problem is a problem document (RFC 9457).
type problem struct {
	Title  string       `json:"title"`
	Status int          `json:"status"`
	Detail string       `json:"detail,omitempty"`
	Errors []fieldError `json:"errors,omitempty"`
}

// fail answers with err. The text of one that says nothing of a status is for
// the log.
func (h *byHand) fail(w http.ResponseWriter, r *http.Request, err error) {
	p := problem{Status: http.StatusInternalServerError}
	if coded, ok := errors.AsType[interface {
		error
		StatusCode() int
	}](err); ok {
		p.Status, p.Detail = coded.StatusCode(), coded.Error()
	}
	if bad, ok := errors.AsType[*badInput](err); ok {
		p.Errors = bad.errors
	}
	if p.Status >= 500 {
		p.Detail = ""
		h.logger.ErrorContext(r.Context(), "booking failed", "error", err)
	}
	p.Title = http.StatusText(p.Status)
	body, err := json.Marshal(p)
	if err != nil { // strings and numbers: cannot be
		panic(err)
	}
	w.Header().Set("Content-Type", "application/problem+json")
	w.WriteHeader(p.Status)
	w.Write(body)
}
