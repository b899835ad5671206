package shop

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/bggen/bggen/runtime"
)

// OrderID is the number of an order.
type OrderID int64

// Order is what somebody has bought.
type Order struct {
	ID       OrderID   `json:"id"`
	Customer string    `json:"customer"`
	Placed   time.Time `json:"placed"`
	Lines    []Line    `json:"lines"`
}

// Line is one product in an order.
type Line struct {
	NewLine
	Name  string `json:"name"`
	Price Cents  `json:"price"` // of one
}

// NewOrder is what somebody wants to buy. The limits of its fields are checked
// when the body is read; all that is wrong is in one answer.
type NewOrder struct {
	Lines []NewLine `json:"lines" minlen:"1" maxlen:"20"`
}

// NewLine is how much of one product.
type NewLine struct {
	Product  ProductID `json:"product" required:"true"`
	Quantity int       `json:"quantity" required:"true" min:"1" max:"100"`
}

// PlaceOrder sells all or nothing. The mails can wait until the customer has the
// answer; an order that fails takes them back, with all else.
//
//bggen:route POST /orders status=201
//bggen:depends RequireUser
func PlaceOrder(ctx context.Context, body NewOrder, s *Session, bg *runtime.BackgroundTasks) (Order, error) {
	order := Order{Customer: s.User.Name}
	err := s.QueryRowContext(ctx, `INSERT INTO orders (user) VALUES (?) RETURNING id, placed`, s.User.ID).
		Scan(&order.ID, &order.Placed)
	if err != nil {
		return order, err
	}
	for _, l := range body.Lines {
		line, err := s.sell(ctx, order.ID, l)
		if err != nil {
			return order, err
		}
		order.Lines = append(order.Lines, line)
	}
	EnqueueSendReceipt(bg, order.ID, s.User.Email)
	EnqueueAlertLowStock(bg, order.ID)
	return order, nil
}

// sell moves a product from the stock into an order.
func (s *Session) sell(ctx context.Context, order OrderID, l NewLine) (Line, error) {
	line := Line{NewLine: l}
	err := s.QueryRowContext(ctx, `
		UPDATE products SET stock = stock - ?1 WHERE id = ?2 AND stock >= ?1 RETURNING name, price`,
		l.Quantity, l.Product).Scan(&line.Name, &line.Price)
	if errors.Is(err, sql.ErrNoRows) {
		return line, &runtime.Problem{Status: http.StatusConflict, Detail: fmt.Sprintf("there is not enough of product %d", l.Product)}
	} else if err != nil {
		return line, err
	}
	_, err = s.ExecContext(ctx, `INSERT INTO order_lines VALUES (?, ?, ?, ?)`, order, l.Product, l.Quantity, line.Price)
	return line, err
}

// GetOrder shows one of a user's own orders. Those of others are not there.
//
//bggen:route GET /orders/{id}
//bggen:depends RequireUser
func GetOrder(ctx context.Context, db *sql.DB, user User, id OrderID) (Order, error) {
	order := Order{ID: id, Customer: user.Name}
	err := db.QueryRowContext(ctx, `SELECT placed FROM orders WHERE id = ? AND user = ?`, id, user.ID).Scan(&order.Placed)
	if err == nil {
		order.Lines, err = linesOf(ctx, db, id)
	}
	return order, orNotFound(err)
}

func linesOf(ctx context.Context, db *sql.DB, id OrderID) ([]Line, error) {
	rows, err := db.QueryContext(ctx, `
		SELECT product, quantity, name, order_lines.price FROM order_lines
		JOIN products ON products.id = product WHERE order_id = ? ORDER BY order_lines.rowid`, id)
	return collect(rows, err, func(l *Line) []any { return []any{&l.Product, &l.Quantity, &l.Name, &l.Price} })
}
