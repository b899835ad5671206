// Package orders is for customers who are logged in.
package orders

import (
	"context"
	"iter"
	"net/http"

	"github.com/bggen/bggen/runtime"
	"github.com/bggen/bggen/runtime/auth"
)

// Status is how far an order has come.
//
//bggen:type enum
type Status string

const (
	// Open means that nothing has been sent.
	Open Status = "open"
	Sent Status = "sent" // Sent means that all of it is on its way.
)

// Lines are what is ordered, in the order in which they were added.
type Lines []Line

// Line is one item of an order.
type Line struct {
	Item  string `json:"item" required:"true" minlen:"1" example:"cup"`
	Count int    `json:"count" min:"1" max:"99" example:"2"`
}

// NewOrder is what to order.
type NewOrder struct {
	Lines Lines    `json:"lines" required:"true" minlen:"1"`
	Gifts []string `json:"gifts,omitempty" maxlen:"3" example:"card|ribbon"`
	Note  *Note    `json:"note"`
}

// Note is for those who pack.
type Note string

// Order is an order with what has become of it.
type Order struct {
	ID     int64  `json:"id" example:"7"`
	Status Status `json:"status"`
	Lines  Lines  `json:"lines"`
}

// Customer is somebody who is logged in.
type Customer struct{ Name string }

// RequireCustomer lets in who has a token of the shop.
//
//bggen:guard
//bggen:security oauth2 authorizationCode authorize=https://id.bggen.dev/authorize token=https://id.bggen.dev/token refresh=https://id.bggen.dev/refresh
//bggen:security oauth2 clientCredentials token=https://id.bggen.dev/token
//bggen:scopes orders:read="See your orders"
//bggen:answers 401="you are not logged in"
func RequireCustomer(b auth.Bearer) (Customer, error) {
	if !b.Equal("secret") {
		return Customer{}, b.Invalid()
	}
	return Customer{"Ann"}, nil
}

// MayOrder lets in who may change orders.
//
//bggen:guard
//bggen:scopes orders:write="Change your orders"
//bggen:answers 403
func MayOrder(c Customer) error {
	if c.Name == "" {
		return &runtime.Problem{Status: http.StatusForbidden}
	}
	return nil
}

// ListOrders returns your orders.
//
//bggen:route GET /orders
//bggen:param status query doc="only those that have come so far" example=open
//bggen:param least query default=1 min=1 max=99 doc="with at least so many items" example=3
func ListOrders(c Customer, status *Status, least int) ([]Order, error) { return nil, nil }

// PlaceOrder orders.
//
//bggen:route POST /orders status=201 strict
//bggen:depends MayOrder
//bggen:answers 409="there is not enough of it"
func PlaceOrder(c Customer, body NewOrder) (Order, error) {
	if len(body.Lines) == 0 {
		return Order{}, &runtime.Problem{Status: http.StatusConflict}
	}
	return Order{Status: Open, Lines: body.Lines}, nil
}

// ChangeOrder changes an order that has not been sent. Members that it does not know
// are of a newer client.
//
//bggen:route PUT /orders/{id}
//bggen:depends MayOrder
//bggen:answers 404 409="it is on its way"
func ChangeOrder(c Customer, id int64, body NewOrder) (Order, error) {
	switch id {
	case 0:
		return Order{}, &runtime.Problem{Status: http.StatusNotFound}
	case 1:
		return Order{}, &runtime.Problem{Status: http.StatusConflict}
	}
	return Order{ID: id, Status: Open, Lines: body.Lines}, nil
}

// WatchOrders tells what becomes of orders.
//
//bggen:route GET /orders/events stream=sse
func WatchOrders(ctx context.Context, c Customer) iter.Seq[runtime.Event[Order]] {
	return func(yield func(runtime.Event[Order]) bool) {}
}

// ExportOrders returns all orders, one after the other.
//
//bggen:route GET /orders/export
func ExportOrders(ctx context.Context, c Customer) iter.Seq2[Order, error] {
	return func(yield func(Order, error) bool) {}
}

// Dump shows what is in memory. It is not for customers.
//
//bggen:route GET /orders/dump hidden
func Dump(c Customer) string { return "" }
