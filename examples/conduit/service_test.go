package main

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"

	"github.com/bggen/bggen/examples/conduit/apptest"
	"github.com/bggen/bggen/examples/conduit/articles"
	"github.com/bggen/bggen/examples/conduit/auth"
	"github.com/bggen/bggen/examples/conduit/users"
	"github.com/bggen/bggen/runtime"
	"github.com/bggen/bggen/runtime/contract"
)

// Two users and what they do, each request and each answer as the document says.
func TestJourney(t *testing.T) {
	a := apptest.New(t)
	var runner runtime.Runner
	server := httptest.NewServer(contract.Check(t, document, newService(&runner, a)))
	defer server.Close()

	ann, bob := signUp(t, server.URL, "ann"), signUp(t, server.URL, "bob")
	bob.send("POST", "/profiles/ann/follow", "", 200)
	article := ann.send("POST", "/articles", `{"article": {"title": "One", "description": "d", "body": "b", "tagList": ["x"]}}`, 201)
	path := "/articles/" + apptest.Decode[articles.Answer](t, article).Article.Slug
	bob.send("POST", path+"/favorite", "", 200)
	bob.send("POST", path+"/comments", `{"comment": {"body": "Nice"}}`, 201)
	if feed := bob.send("GET", "/articles/feed", "", 200); !strings.Contains(feed, `"favoritesCount":1`) {
		t.Errorf("the feed of bob is %s", feed)
	}
	ann.send("PUT", "/user", `{"user": {"bio": "I write"}}`, 200)
	(&user{t, server.URL, ""}).send("GET", path+"/comments", "", 200)
	bob.send("DELETE", path, "", 403)
	ann.send("DELETE", path, "", 204)
	bob.send("GET", path, "", 404)
	if err := runner.Idle(t.Context()); err != nil {
		t.Fatal(err)
	}
	apptest.WantMails(t, a, "ann@example.com: Welcome to Conduit", "bob@example.com: Welcome to Conduit",
		`bob@example.com: ann has written "One"`, `ann@example.com: bob has commented on "One"`)
}

// user sends requests with a token.
type user struct {
	*testing.T
	url, token string
}

func signUp(t *testing.T, url, name string) *user {
	t.Helper()
	body := fmt.Sprintf(`{"user": {"username": %q, "email": "%s@example.com", "password": "correct horse"}}`, name, name)
	u := &user{T: t, url: url}
	u.token = apptest.Decode[users.Answer](t, u.send("POST", "/users", body, 201)).User.Token
	return u
}

func (u *user) send(method, path, body string, status int) string {
	u.Helper()
	r, err := http.NewRequestWithContext(u.Context(), method, u.url+"/api"+path, strings.NewReader(body))
	if err != nil {
		u.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	if u.token != "" {
		r.Header.Set("Authorization", "Bearer "+u.token)
	}
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		u.Fatal(err)
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(response.Body)
	if err != nil || response.StatusCode != status {
		u.Fatalf("%s %s: got %d %s, want %d (%v)", method, path, response.StatusCode, answer, status, err)
	}
	return string(answer)
}

// Requests that are drawn from the document are answered as it says.
func TestDocument(t *testing.T) {
	a := apptest.New(t)
	token, err := auth.NewToken(t.Context(), a.DB, apptest.AddUser(t, a, "ann").ID)
	if err != nil {
		t.Fatal(err)
	}
	var runner runtime.Runner
	contract.Explore(t, document, newService(&runner, a), contract.Requests(20), contract.Prepare(func(r *http.Request) {
		r.Header.Set("Authorization", "Bearer "+token)
	}))
	if err := runner.Idle(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// Each route that has the guard in the list refuses a stranger.
func TestStrangers(t *testing.T) {
	var runner runtime.Runner
	service := newService(&runner, apptest.New(t))
	guarded := 0
	for _, line := range routes(t) {
		route, _, _ := strings.Cut(line, "(without")
		if !strings.Contains(route, "auth.RequireUser") {
			continue
		}
		fields := strings.Fields(route)
		guarded++
		w := httptest.NewRecorder()
		service.ServeHTTP(w, httptest.NewRequest(fields[0], fields[1], strings.NewReader("{")))
		if got := w.Header().Get("WWW-Authenticate"); w.Code != http.StatusUnauthorized || got != "Bearer" {
			t.Errorf("%s: got %d, WWW-Authenticate %q", line, w.Code, got)
		}
	}
	if guarded != 13 {
		t.Errorf("%d routes are for users", guarded)
	}
}

// The README shows the list of routes as it is.
func TestReadme(t *testing.T) {
	readme, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	if list := strings.Join(routes(t), "\n"); !strings.Contains(string(readme), "```\n"+list+"\n```\n") {
		t.Errorf("README.md has other routes than routes.txt:\n%s", list)
	}
}

// routes are the lines of routes.txt, without its comments.
func routes(t *testing.T) []string {
	t.Helper()
	text, err := os.ReadFile("routes.txt")
	if err != nil {
		t.Fatal(err)
	}
	_, list, _ := strings.Cut(string(text), "\n\n")
	return strings.Split(strings.TrimSpace(list), "\n")
}

func TestRateLimit(t *testing.T) {
	a := apptest.New(t)
	a.Limiter.PerMinute = 2
	var runner runtime.Runner
	service := newService(&runner, a)
	for _, want := range []int{200, 401, 429} {
		w := httptest.NewRecorder()
		path := "/api/tags"
		if want == 401 {
			path = "/api/user" // counts, too
		}
		service.ServeHTTP(w, httptest.NewRequest("GET", path, nil))
		if w.Code != want {
			t.Errorf("%s: got %d, want %d", path, w.Code, want)
		}
	}
}
