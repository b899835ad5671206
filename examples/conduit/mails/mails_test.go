package mails_test

import (
	"context"
	"errors"
	"testing"

	"github.com/bggen/bggen/examples/conduit/app"
	"github.com/bggen/bggen/examples/conduit/apptest"
	"github.com/bggen/bggen/examples/conduit/mails"
	"github.com/bggen/bggen/runtime"
	"github.com/bggen/bggen/runtime/bgtest"
)

// world is an article of ann, whom bob and cleo follow.
func world(t *testing.T) *app.App {
	t.Helper()
	a := apptest.New(t)
	for _, name := range []string{"ann", "bob", "cleo"} {
		apptest.AddUser(t, a, name)
	}
	_, err := a.DB.ExecContext(t.Context(), `
		INSERT INTO articles (id, slug, author, title, description, body) VALUES (1, 'one', 1, 'One', '', '');
		INSERT INTO comments (id, article, author, body) VALUES (1, 1, 2, 'Nice');
		INSERT INTO follows VALUES (2, 1), (3, 1)`)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// One mail that cannot be sent keeps no other back: each is a task of its own.
func TestPublished(t *testing.T) {
	a := world(t)
	var bg runtime.BackgroundTasks
	if err := mails.Published(t.Context(), a.DB, 1, &bg); err != nil {
		t.Fatal(err)
	}
	var to []string
	for _, task := range bgtest.Added(&bg) {
		var mail struct{ To, Subject string }
		if err := task.Decode(&mail); err != nil || mail.Subject != `ann has written "One"` {
			t.Errorf("%v: %+v", err, mail)
		}
		to = append(to, mail.To)
	}
	if len(to) != 2 || to[0] != "bob@example.com" || to[1] != "cleo@example.com" {
		t.Errorf("the mails are to %q", to)
	}
}

func TestCommented(t *testing.T) {
	a := world(t)
	if err := mails.Commented(t.Context(), a.DB, a.Mailer, 1); err != nil {
		t.Fatal(err)
	}
	apptest.WantMails(t, a, `ann@example.com: bob has commented on "One"`)
	if err := mails.Commented(t.Context(), a.DB, a.Mailer, 2); err != nil {
		t.Errorf("a comment that was deleted: %v", err)
	}
	down := errors.New("the server is down")
	if err := mails.Commented(t.Context(), a.DB, brokenMailer{down}, 1); !errors.Is(err, down) {
		t.Errorf("a mail that could not be sent: %v", err)
	}
}

type brokenMailer struct{ err error }

func (m brokenMailer) Send(context.Context, string, string, string) error { return m.err }
