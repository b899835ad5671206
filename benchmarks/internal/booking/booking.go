// Package booking is one handler of the size that services have, several times:
// through bggen, and by hand with the same checks. Its providers and tasks do
// next to nothing, so that what is measured is the code around them.
package booking

import (
	"errors"
	"net/http"
	"sync/atomic"

	"github.com/bggen/bggen/runtime"
)

// App is what lives as long as the program.
//
//bggen:app
type App struct {
	Rates *Rates
}

// Rates is what a night costs.
type Rates struct {
	Night int
}

// Booking is the body of a request.
type Booking struct {
	Guest string `json:"guest"`
	Email string `json:"email"`
	Room  int    `json:"room"`
}

// Confirmation is the answer.
type Confirmation struct {
	Number int64  `json:"number"`
	Hotel  int    `json:"hotel"`
	Member Member `json:"member"`
	Guest  string `json:"guest"`
	Total  int    `json:"total"`
}

// Member is who books.
type Member string

// Rate is what a night costs a member.
type Rate struct{ Night int }

// Quote is an offer to a member.
type Quote struct{ Number int64 }

// A refusal is an error that clients may read.
type refusal struct {
	status int
	text   string
}

func (r *refusal) Error() string   { return r.text }
func (r *refusal) StatusCode() int { return r.status }

// What the providers and the handler refuse. Clients are not told of errClosed.
var (
	errStranger = &refusal{http.StatusUnauthorized, "who are you?"}
	errBanned   = &refusal{http.StatusForbidden, "you may not book"}
	errNoHotel  = &refusal{http.StatusNotFound, "no such hotel"}
	errClosed   = errors.New("the rates are closed")
)

// CurrentMember is the member who sent a request.
//
//bggen:provide
func CurrentMember(r *http.Request) (Member, error) {
	name := r.Header.Get("X-Member")
	if name == "" {
		return "", errStranger
	}
	return Member(name), nil
}

// FindRate is the rate of a member.
//
//bggen:provide
func FindRate(rates *Rates, member Member) (Rate, error) {
	if member == "closed" {
		return Rate{}, errClosed
	}
	return Rate{rates.Night}, nil
}

// NewQuote is an offer at a rate.
//
//bggen:provide
func NewQuote(member Member, rate Rate) (Quote, error) {
	if member == "banned" {
		return Quote{}, errBanned
	}
	return Quote{4711 + int64(rate.Night)}, nil
}

// Book answers, and leaves nothing to be done.
//
//bggen:route POST /hotels/{hotel}/bookings status=201
//bggen:param guests query min=1 max=8
//bggen:param nights query default=1 min=1 max=30
func Book(hotel, guests, nights int, body Booking, member Member, rate Rate, quote Quote) (Confirmation, error) {
	return confirm(hotel, guests*nights*rate.Night, body, member, quote)
}

// BookNotify leaves one task.
//
//bggen:route POST /hotels/{hotel}/bookings/notify status=201
//bggen:param guests query min=1 max=8
//bggen:param nights query default=1 min=1 max=30
func BookNotify(hotel, guests, nights int, body Booking, member Member, rate Rate, quote Quote, bg *runtime.BackgroundTasks) (Confirmation, error) {
	confirmation, err := confirm(hotel, guests*nights*rate.Night, body, member, quote)
	EnqueueNotify(bg, body.Email, confirmation.Number) // dropped after an error
	return confirmation, err
}

// BookNotifyAudit leaves two.
//
//bggen:route POST /hotels/{hotel}/bookings/audit status=201
//bggen:param guests query min=1 max=8
//bggen:param nights query default=1 min=1 max=30
func BookNotifyAudit(hotel, guests, nights int, body Booking, member Member, rate Rate, quote Quote, bg *runtime.BackgroundTasks) (Confirmation, error) {
	confirmation, err := confirm(hotel, guests*nights*rate.Night, body, member, quote)
	EnqueueNotify(bg, body.Email, confirmation.Number)
	EnqueueAudit(bg, confirmation.Number)
	return confirmation, err
}

// confirm is what the handlers have in common.
func confirm(hotel, total int, body Booking, member Member, quote Quote) (Confirmation, error) {
	if hotel == 0 {
		return Confirmation{}, errNoHotel
	}
	return Confirmation{quote.Number, hotel, member, body.Guest, total}, nil
}

// ran counts the tasks that have been run: whoever starts some can wait for
// them, however they were started.
var ran atomic.Int64

// Notify would send a mail.
//
//bggen:task
func Notify(email string, number int64) error {
	ran.Add(1)
	return nil
}

// Audit would write a line.
//
//bggen:task
func Audit(number int64) error {
	ran.Add(1)
	return nil
}
