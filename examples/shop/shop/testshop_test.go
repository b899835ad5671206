package shop_test

import (
	"context"
	"database/sql"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/bggen/bggen/examples/shop/shop"
	"github.com/bggen/bggen/runtime"
)

// A testShop serves a shop of its own over HTTP.
type testShop struct {
	*testing.T
	url    string
	runner runtime.Runner
	mails  mails
}

// mails is a Mailer that sends when a test receives: until then, every task
// that mails waits.
type mails chan string

func (m mails) Send(ctx context.Context, to, subject, text string) error {
	select {
	case m <- to + ": " + subject + "\n" + text:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// mail receives the next mail, which is sent by that.
func (s *testShop) mail() string {
	s.Helper()
	select {
	case mail := <-s.mails:
		return mail
	case <-time.After(10 * time.Second):
		s.Fatal("there is no mail")
		return ""
	}
}

func newShop(t *testing.T, perMinute int, opts ...runtime.Option) *testShop {
	t.Helper()
	s := &testShop{T: t, mails: make(mails)}
	app := &shop.App{DB: newDB(t), Mailer: s.mails, Limiter: &shop.Limiter{PerMinute: perMinute}}
	mux := http.NewServeMux()
	shop.Register(mux, &s.runner, app, opts...)
	s.serve(mux)
	return s
}

func newDB(t *testing.T) *sql.DB {
	t.Helper()
	db, err := shop.OpenDB(t.Context(), filepath.Join(t.TempDir(), "shop.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

// serve serves until the test ends, which fails if a task does.
func (s *testShop) serve(handler http.Handler) {
	s.runner.OnError = func(_ context.Context, task runtime.TaskInfo, err error) { s.Errorf("%s: %v", task.Name, err) }
	server := httptest.NewUnstartedServer(handler)
	s.runner.Attach(server.Config) // as runtime.Serve does
	server.Start()
	s.Cleanup(server.Close)
	s.Cleanup(s.idle)
	s.url = server.URL
}

// idle waits until all tasks have ended. It fails if one has a mail to send that
// nobody receives.
func (s *testShop) idle() {
	s.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	if err := s.runner.Idle(ctx); err != nil {
		s.Fatal("tasks are left: ", err)
	}
}

// An answer was received to its end.
type answer struct {
	*testShop
	status int
	header http.Header
	body   string
}

// send may be called from several goroutines.
func (s *testShop) send(method, path, token, contentType, body string) answer {
	s.Helper()
	r, err := http.NewRequestWithContext(s.Context(), method, s.url+path, strings.NewReader(body))
	if err != nil {
		s.Error(err)
		return answer{testShop: s}
	}
	r.Header.Set("Content-Type", contentType)
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		s.Error(err)
		return answer{testShop: s}
	}
	defer response.Body.Close()
	data, err := io.ReadAll(response.Body)
	if err != nil {
		s.Error(err)
	}
	return answer{s, response.StatusCode, response.Header, string(data)}
}

func (s *testShop) get(path, token string) answer {
	s.Helper()
	return s.send("GET", path, token, "", "")
}

func (s *testShop) order(token, body string) answer {
	s.Helper()
	return s.send("POST", "/orders", token, "application/json", body)
}

// is fails the test if the answer is another one.
func (a answer) is(status int, body string) {
	a.Helper()
	if a.status != status || a.body != body {
		a.Errorf("got %d %s\nwant %d %s", a.status, a.body, status, body)
	}
}

// refused fails the test if the answer is not a problem document with these
// errors, each as its place, name and code.
func (a answer) refused(status int, errors ...string) {
	a.Helper()
	if got := a.header.Get("Content-Type"); got != "application/problem+json" {
		a.Errorf("Content-Type %q", got)
	}
	var problem runtime.Problem
	a.decode(status, &problem)
	var got []string
	for _, e := range problem.Errors {
		got = append(got, e.In+" "+e.Name+" "+e.Code)
	}
	if strings.Join(got, ", ") != strings.Join(errors, ", ") {
		a.Errorf("got the errors %q, want %q", got, errors)
	}
}

func (a answer) decode(status int, to any) {
	a.Helper()
	if a.status != status {
		a.Fatalf("got %d %s, want %d", a.status, a.body, status)
	}
	if err := json.Unmarshal([]byte(a.body), to); err != nil {
		a.Fatalf("%v in %s", err, a.body)
	}
}
