// Package apptest serves one package of the service in a test.
package apptest

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"strings"
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

// Client sends requests.
type Client struct {
	t     testing.TB
	http  *bgtest.Client
	Token string // is sent with each request
}

// NewClient is a client of what register, the generated function of a package,
// registers.
func NewClient(t testing.TB, a *app.App, register func(runtime.Mux, *runtime.Runner, *app.App, ...runtime.Option), opts ...runtime.Option) *Client {
	var runner runtime.Runner
	mux := http.NewServeMux()
	register(mux, &runner, a, opts...)
	mails.RegisterTasks(&runner, a)
	return &Client{t: t, http: bgtest.NewClient(t, &runner, mux)}
}

// Send sends a request with a JSON body, unless it is "", and returns the body of
// the answer when the tasks have run. It fails the test if the status is another.
func (c *Client) Send(method, target, body string, status int) string {
	c.t.Helper()
	r := httptest.NewRequest(method, target, strings.NewReader(body))
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	return c.Do(r, status)
}

// Do is Send for a request that the test has made.
func (c *Client) Do(r *http.Request, status int) string {
	c.t.Helper()
	if c.Token != "" {
		r.Header.Set("Authorization", "Bearer "+c.Token)
	}
	response := c.http.Do(r)
	answer, err := io.ReadAll(response.Body)
	if err != nil {
		c.t.Fatal(err)
	}
	if response.StatusCode != status {
		c.t.Fatalf("%s %s: got %d %s, want %d", r.Method, r.URL, response.StatusCode, answer, status)
	}
	return string(answer)
}

// Decode decodes an answer.
func Decode[T any](t testing.TB, answer string) (v T) {
	t.Helper()
	if err := json.Unmarshal([]byte(answer), &v); err != nil {
		t.Fatalf("%v in %s", err, answer)
	}
	return v
}

// WantErrors fails the test unless an answer reports exactly these errors, each as
// its name and its code.
func WantErrors(t testing.TB, answer string, want ...string) {
	t.Helper()
	var got []string
	for _, e := range Decode[runtime.Problem](t, answer).Errors {
		got = append(got, fmt.Sprint(e.Name, " ", e.Code))
	}
	if !slices.Equal(got, want) {
		t.Errorf("got the errors %q, want %q", got, want)
	}
}
