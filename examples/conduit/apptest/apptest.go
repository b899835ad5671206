// Package apptest serves one package of the service in a test.
package apptest

import (
	"context"
	"net/http"
	"path/filepath"
	"slices"
	"sync"
	"testing"

	"github.com/bggen/bggen/examples/conduit/app"
	"github.com/bggen/bggen/examples/conduit/auth"
	"github.com/bggen/bggen/examples/conduit/mails"
	"github.com/bggen/bggen/runtime"
	"github.com/bggen/bggen/runtime/bgtest"
	"golang.org/x/crypto/bcrypt"
)

// New returns an app with an empty database, which keeps its mails for WantMails.
func New(t testing.TB) *app.App {
	t.Helper()
	auth.HashCost = bcrypt.MinCost
	db, err := app.OpenDB(t.Context(), filepath.Join(t.TempDir(), "conduit.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return &app.App{
		DB:           db,
		Mailer:       new(mailbox),
		Limiter:      &app.Limiter{PerMinute: 1 << 20},
		LoginLimiter: &app.Limiter{PerMinute: 1 << 20},
	}
}

// AddUser adds a user who has no password.
func AddUser(t testing.TB, a *app.App, username string) auth.User {
	t.Helper()
	u := auth.User{Username: username}
	err := a.DB.QueryRowContext(t.Context(), `INSERT INTO users (username, email, password_hash) VALUES (?, ?, '') RETURNING id`,
		username, username+"@example.com").Scan(&u.ID)
	if err != nil {
		t.Fatal(err)
	}
	return u
}

// As has one user send all requests, without a token.
func As(u auth.User) auth.Overrides {
	return auth.Overrides{
		RequireUser: func(*http.Request) (auth.User, error) { return u, nil },
		FindViewer:  func(*http.Request) (auth.Viewer, error) { return auth.Viewer{ID: u.ID}, nil },
	}
}

// mailbox keeps mails in place of sending them.
type mailbox struct {
	mu   sync.Mutex
	sent []string
}

func (m *mailbox) Send(_ context.Context, to, subject, _ string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.sent = append(m.sent, to+": "+subject)
	return nil
}

// WantMails fails the test unless these are the mails that an app has sent.
func WantMails(t testing.TB, a *app.App, want ...string) {
	t.Helper()
	m := a.Mailer.(*mailbox)
	m.mu.Lock()
	defer m.mu.Unlock()
	if !slices.Equal(m.sent, want) {
		t.Errorf("the mails are %q, want %q", m.sent, want)
	}
}

// NewClient is a client of what register, the generated function of a package,
// registers.
func NewClient(t testing.TB, a *app.App, register func(runtime.Mux, *runtime.Runner, *app.App, ...runtime.Option), opts ...runtime.Option) *bgtest.Client {
	var runner runtime.Runner
	mux := http.NewServeMux()
	register(mux, &runner, a, opts...)
	mails.RegisterTasks(&runner, a)
	return bgtest.NewClient(t, &runner, mux)
}
