// Package orders is taken for granted by deploy.md, periodic.md, structure.md and testing.md.
//
//bggen:use example.com/platform
//bggen:depends example.com/users.RequireUser
package orders

import (
	"context"
	"database/sql"
)

// List lists.
//
//bggen:route GET /orders
func List(db *sql.DB) string { return "" }

// NewOrder is what somebody wants to buy.
type NewOrder struct {
	Product  int `json:"product" required:"true"`
	Quantity int `json:"quantity" min:"1"`
}

// Order is what somebody has bought.
type Order struct {
	NewOrder
	ID int64 `json:"id"`
}

// Place takes an order.
//
//bggen:route POST /orders status=201
func Place(body NewOrder) Order { return Order{body, 1} }

// Report mails what was sold.
//
//bggen:every 24h
//bggen:task
func Report(ctx context.Context, db *sql.DB) {}
