// Package shop is a small shop: a catalogue with pictures, and orders that are
// placed as a whole or not at all. Receipts, alerts and the audit log are written
// when the client has its answer.
//
//bggen:depends Limiter.Allow
package shop

import "database/sql"

// App is what lives as long as the program. Handlers, providers and tasks are
// given its fields by their types.
//
//bggen:app
type App struct {
	DB      *sql.DB
	Mailer  Mailer
	Limiter *Limiter
	Outbox  Outbox
}

// Outbox says that tasks are stored in the database of the shop: then they are
// part of the transaction that wants them.
type Outbox bool

// Page is which part of a list is wanted.
type Page struct {
	Page  int `query:"page" default:"1" min:"1" max:"10000"`
	Limit int `query:"limit" default:"20" min:"1" max:"100"`
}

func (p Page) offset() int { return (p.Page - 1) * p.Limit }
