package dashboard_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/bggen/bggen/runtime"
	"github.com/bggen/bggen/runtime/dashboard"
	"github.com/bggen/bggen/runtime/dashboard/internal/dashtest"
)

func TestAuthorize(t *testing.T) {
	var say error
	s := dashtest.Start(t, dashboard.Actions(), dashboard.Authorize(func(r *http.Request) error {
		if r.Header.Get("Authorization") == "Bearer secret" {
			return nil
		}
		return say
	}))
	paths := []string{"", "list", "task", "data.json", "list.json", "events?page=", "page.js", "style.css", "bulk?do=retry&stage=failed", "none"}
	for _, c := range []struct {
		err    error
		status int
		text   string
	}{
		{errors.New("the database knows no ann"), 403, "You may not see this page.\n"},
		{&runtime.Problem{Status: 401, Title: "Log in", Header: http.Header{"Www-Authenticate": {`Basic realm="tasks"`}}}, 401, "Log in\n"},
		{teapot{}, 418, "You may not see this page.\n"},
	} {
		say = c.err
		for _, path := range paths {
			answer, text := s.Get(path)
			if answer.StatusCode != c.status || text != c.text {
				t.Errorf("%v: %q: %s %s", c.err, path, answer.Status, text)
			}
			if (answer.Header.Get("WWW-Authenticate") != "") != (c.status == 401) {
				t.Errorf("%v: %v", c.err, answer.Header)
			}
		}
		if answer, _ := s.Post("act", nil); answer.StatusCode != c.status {
			t.Errorf("%v: POST: %s", c.err, answer.Status)
		}
	}
	if answer, _ := s.Post("act", nil, "Authorization", "Bearer secret"); answer.StatusCode != 400 {
		t.Errorf("one who may: %s", answer.Status)
	}
}

type teapot struct{}

func (teapot) Error() string   { return "secret" }
func (teapot) StatusCode() int { return 418 }

// Where everybody can see the page, it says so, and the log does once.
func TestExposure(t *testing.T) {
	for _, c := range []struct {
		at      string
		server  string // what it listens at
		opts    []dashboard.Option
		exposed bool
	}{
		{"127.0.0.1:8080", "", nil, false},
		{"[::1]:8080", "localhost:8080", nil, false},
		{"127.0.0.1:8080", "127.0.0.1:8080", nil, false},
		{"127.0.0.1:8080", ":8080", nil, true},
		{"127.0.0.1:8080", "0.0.0.0:8080", nil, true},
		{"10.1.2.3:8080", "", nil, true},
		{"[2001:db8::1]:8080", "", nil, true},
		{"10.1.2.3:8080", ":8080", []dashboard.Option{dashboard.Authorize(func(*http.Request) error { return nil })}, false},
	} {
		var log bytes.Buffer
		runner := &runtime.Runner{Logger: slog.New(slog.NewTextHandler(&log, nil))}
		page := dashboard.New(runner, c.opts...)
		address, err := net.ResolveTCPAddr("tcp", c.at)
		if err != nil {
			t.Fatal(err)
		}
		for range 2 {
			w := httptest.NewRecorder()
			r := httptest.NewRequest(http.MethodGet, "/", nil)
			ctx := context.WithValue(r.Context(), http.LocalAddrContextKey, address)
			ctx = context.WithValue(ctx, http.ServerContextKey, &http.Server{Addr: c.server})
			page.ServeHTTP(w, r.WithContext(ctx))
			if strings.Contains(w.Body.String(), "Everybody who reaches this address") != c.exposed {
				t.Errorf("%s, %s: the page says %s", c.at, c.server, w.Body)
			}
		}
		if n := strings.Count(log.String(), "everybody who reaches this address"); (n == 1) != c.exposed || n > 1 {
			t.Errorf("%s: the log says %s", c.at, &log)
		}
	}
}
