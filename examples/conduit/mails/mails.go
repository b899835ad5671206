// Package mails has the mails of the service. Each is a task: it is stored in the
// transaction of what it tells about, and is sent when the client has its answer.
//
//bggen:use github.com/bggen/bggen/examples/conduit/app
package mails

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/bggen/bggen/examples/conduit/app"
	"github.com/bggen/bggen/runtime"
)

// Send sends one mail.
//
//bggen:task attempts=5 timeout=30s
func Send(ctx context.Context, m app.Mailer, to, subject, text string) error {
	return m.Send(ctx, to, subject, text)
}

// Published tells those who follow an author of a new article. Each mail is a task
// of its own, so that one that fails keeps no other back.
//
//bggen:task attempts=5
func Published(ctx context.Context, db *sql.DB, article int64, bg *runtime.BackgroundTasks) error {
	type mail struct{ to, author, title string }
	rows, err := db.QueryContext(ctx, `
		SELECT reader.email, author.username, title FROM articles
		JOIN users author ON author.id = author
		JOIN follows ON followed = author.id
		JOIN users reader ON reader.id = follower
		WHERE articles.id = ?`, article)
	mails, err := app.Collect(rows, err, func(m *mail) []any { return []any{&m.to, &m.author, &m.title} })
	for _, m := range mails {
		EnqueueSend(bg, m.to, fmt.Sprintf("%s has written %q", m.author, m.title), "")
	}
	return err
}

// Commented tells the author of an article of a comment.
//
//bggen:task attempts=5
func Commented(ctx context.Context, db *sql.DB, m app.Mailer, comment int64) error {
	var to, reader, title, text string
	err := db.QueryRowContext(ctx, `
		SELECT author.email, reader.username, title, comments.body FROM comments
		JOIN articles ON articles.id = article
		JOIN users author ON author.id = articles.author
		JOIN users reader ON reader.id = comments.author
		WHERE comments.id = ?`, comment).Scan(&to, &reader, &title, &text)
	if errors.Is(err, sql.ErrNoRows) {
		return nil // it was deleted
	} else if err != nil {
		return err
	}
	return m.Send(ctx, to, fmt.Sprintf("%s has commented on %q", reader, title), text)
}
