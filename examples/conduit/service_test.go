package main

import (
	"fmt"
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
	"github.com/bggen/bggen/runtime/bgtest"
	"github.com/bggen/bggen/runtime/contract"
)

// Two users and what they do, each request and each answer as the document says.
func TestJourney(t *testing.T) {
	a := apptest.New(t)
	var runner runtime.Runner
	service := contract.Check(t, document, newService(&runner, a))
	signUp := func(name string) *bgtest.Client {
		client := bgtest.NewClient(t, &runner, service)
		body := fmt.Sprintf(`{"user": {"username": %q, "email": "%s@example.com", "password": "correct horse"}}`, name, name)
		var answer users.Answer
		client.Send("POST", "/api/users", body).Want(201).JSON(&answer)
		client.Header.Set("Authorization", "Bearer "+answer.User.Token)
		return client
	}
	ann, bob, stranger := signUp("ann"), signUp("bob"), bgtest.NewClient(t, &runner, service)

	bob.Send("POST", "/api/profiles/ann/follow", nil).Want(200)
	var published articles.Answer
	ann.Send("POST", "/api/articles", `{"article": {"title": "One", "description": "d", "body": "b", "tagList": ["x"]}}`).Want(201).JSON(&published)
	path := "/api/articles/" + published.Article.Slug
	bob.Send("POST", path+"/favorite", nil).Want(200)
	bob.Send("POST", path+"/comments", `{"comment": {"body": "Nice"}}`).Want(201)
	if feed := bob.Get("/api/articles/feed").Want(200).Text; !strings.Contains(feed, `"favoritesCount":1`) {
		t.Errorf("the feed of bob is %s", feed)
	}
	ann.Send("PUT", "/api/user", `{"user": {"bio": "I write"}}`).Want(200)
	stranger.Get(path + "/comments").Want(200)
	bob.Send("DELETE", path, nil).Want(403)
	ann.Send("DELETE", path, nil).Want(204)
	bob.Get(path).Want(404)
	apptest.WantMails(t, a, "ann@example.com: Welcome to Conduit", "bob@example.com: Welcome to Conduit",
		`bob@example.com: ann has written "One"`, `ann@example.com: bob has commented on "One"`)
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
	client := bgtest.NewClient(t, &runner, newService(&runner, a))
	client.Get("/api/tags").Want(200)
	client.Get("/api/user").Want(401) // counts, too
	if r := client.Get("/api/tags").Want(429); r.Header.Get("Retry-After") != "60" {
		t.Errorf("Retry-After: %q", r.Header.Get("Retry-After"))
	}
}
