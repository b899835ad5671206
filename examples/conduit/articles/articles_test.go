package articles_test

import (
	"database/sql"
	"net/http"
	"strings"
	"testing"

	"github.com/bggen/bggen/examples/conduit/app"
	"github.com/bggen/bggen/examples/conduit/apptest"
	"github.com/bggen/bggen/examples/conduit/articles"
	"github.com/bggen/bggen/examples/conduit/auth"
	"github.com/bggen/bggen/examples/conduit/mails"
	"github.com/bggen/bggen/runtime/bgtest"
)

// world is two users, of whom bob follows ann, and a stranger.
type world struct {
	*testing.T
	app                *app.App
	ann, bob, stranger *bgtest.Client
}

func newWorld(t *testing.T) world {
	a := apptest.New(t)
	ann, bob := apptest.AddUser(t, a, "ann"), apptest.AddUser(t, a, "bob")
	if _, err := a.DB.ExecContext(t.Context(), `INSERT INTO follows VALUES (?, ?)`, bob.ID, ann.ID); err != nil {
		t.Fatal(err)
	}
	as := func(u auth.User) *bgtest.Client { return apptest.NewClient(t, a, articles.Register, apptest.As(u)) }
	return world{t, a, as(ann), as(bob), apptest.NewClient(t, a, articles.Register)}
}

// publish has a user publish an article, and returns it.
func (w world) publish(by *bgtest.Client, title string, tags string) articles.Article {
	w.Helper()
	body := `{"article": {"title": "` + title + `", "description": "d", "body": "b", "tagList": [` + tags + `]}}`
	return article(by.Send("POST", "/api/articles", body).Want(201))
}

func article(r *bgtest.Response) articles.Article {
	var answer articles.Answer
	r.JSON(&answer)
	return answer.Article
}

// titles are those of a list of articles.
func titles(r *bgtest.Response) (titles string, count int) {
	var list articles.ListAnswer
	r.JSON(&list)
	for _, a := range list.Articles {
		titles += a.Title + " "
	}
	return strings.TrimSpace(titles), list.Count
}

func TestCreate(t *testing.T) {
	w := newWorld(t)
	a := w.publish(w.ann, "How to train: your Dragon!", `"b", "a", "b"`)
	if !strings.HasPrefix(a.Slug, "how-to-train-your-dragon-") || strings.Join(a.TagList, " ") != "a b" || a.Author.Username != "ann" {
		t.Errorf("created %+v", a)
	}
	if a.Created.IsZero() || !a.Created.Equal(a.Updated) {
		t.Errorf("created at %v, updated at %v", a.Created, a.Updated)
	}
	apptest.WantMails(t, w.app, `bob@example.com: ann has written "How to train: your Dragon!"`)

	if again := w.publish(w.ann, a.Title, ""); again.Slug == a.Slug {
		t.Error("two articles have the same slug")
	}
	if seen := article(w.bob.Get("/api/articles/" + a.Slug).Want(200)); !seen.Author.Following {
		t.Error("bob does not follow ann")
	}
	if seen := article(w.stranger.Get("/api/articles/" + a.Slug).Want(200)); seen.Author.Following {
		t.Error("a stranger follows ann")
	}
	w.stranger.Get("/api/articles/nothing").Want(404)
}

func TestCreateRefused(t *testing.T) {
	w := newWorld(t)
	w.stranger.Send("POST", "/api/articles", `{`).Want(401)
	w.ann.Send("POST", "/api/articles", `{`).Want(400).WantErrors("body syntax")
	w.ann.Send("POST", "/api/articles", `{}`).Want(422).WantErrors("body article missing")
	w.ann.Send("POST", "/api/articles", `{"article": {"title": "", "body": 1}}`).Want(422).
		WantErrors("body article.title minlen", "body article.description missing", "body article.body type")
	w.ann.Post("/api/articles", "text/plain", strings.NewReader("One")).Want(415).WantErrors("body content_type")
	apptest.WantMails(t, w.app)
}

// With the guards and the transaction replaced, a handler needs nothing of the app. It
// works in a transaction of the test's, which nobody settles.
func TestCreateAlone(t *testing.T) {
	a := apptest.New(t)
	me := apptest.As(apptest.AddUser(t, a, "ann"))
	tx, err := a.DB.BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	recorder := bgtest.NewRecorder(t)
	mails.RegisterTasks(recorder.Runner(), a)
	client := bgtest.NewClient(t, recorder.Runner(), articles.CreateHandler(recorder.Runner(), &app.App{},
		auth.Overrides{RequireUser: me.RequireUser},
		app.Overrides{
			RateLimit: func(*http.Request) error { return nil },
			NewTx:     func(*http.Request) (*sql.Tx, error) { return tx, nil },
		}))
	client.Send("POST", "/", `{"article": {"title": "One", "description": "d", "body": "b"}}`).Want(201)
	recorder.Want("github.com/bggen/bggen/examples/conduit/mails.Published")

	if err := tx.Rollback(); err != nil {
		t.Fatal(err)
	}
	var count int
	if err := a.DB.QueryRowContext(t.Context(), `SELECT count(*) FROM articles`).Scan(&count); err != nil || count != 0 {
		t.Errorf("there are %d articles, %v", count, err)
	}
}

func TestList(t *testing.T) {
	w := newWorld(t)
	w.publish(w.ann, "One", `"x", "y"`)
	two := w.publish(w.bob, "Two", `"x"`)
	w.publish(w.ann, "Three", "")
	w.ann.Send("POST", "/api/articles/"+two.Slug+"/favorite", nil).Want(200)
	for query, want := range map[string]struct {
		titles string
		count  int
	}{
		"":                     {"Three Two One", 3},
		"?limit=1&offset=1":    {"Two", 3},
		"?offset=3":            {"", 3},
		"?tag=x":               {"Two One", 2},
		"?tag=x&author=ann":    {"One", 1},
		"?author=nobody":       {"", 0},
		"?favorited=ann":       {"Two", 1},
		"?favorited=bob":       {"", 0},
		"?tag=y&favorited=ann": {"", 0},
	} {
		if titles, count := titles(w.stranger.Get("/api/articles" + query).Want(200)); titles != want.titles || count != want.count {
			t.Errorf("%s: got %q of %d, want %q of %d", query, titles, count, want.titles, want.count)
		}
	}
	w.stranger.Get("/api/articles?limit=0&offset=x").Want(422).WantErrors("query limit min", "query offset type")
	if got, want := w.stranger.Get("/api/tags").Want(200).Text, `{"tags":["x","y"]}`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestFeed(t *testing.T) {
	w := newWorld(t)
	w.publish(w.ann, "One", "")
	w.publish(w.bob, "Two", "")
	if titles, count := titles(w.bob.Get("/api/articles/feed").Want(200)); titles != "One" || count != 1 {
		t.Errorf("bob reads %q of %d", titles, count)
	}
	if titles, count := titles(w.ann.Get("/api/articles/feed").Want(200)); titles != "" || count != 0 {
		t.Errorf("ann reads %q of %d", titles, count)
	}
	w.stranger.Get("/api/articles/feed").Want(401)
}

func TestUpdate(t *testing.T) {
	w := newWorld(t)
	old := w.publish(w.ann, "One", `"x"`)
	path := "/api/articles/" + old.Slug
	w.bob.Send("PUT", path, `{"article": {"body": "mine"}}`).Want(403)
	w.ann.Send("PUT", "/api/articles/nothing", `{"article": {"body": "mine"}}`).Want(404)

	a := article(w.ann.Send("PUT", path, `{"article": {"body": "new"}}`).Want(200))
	if a.Slug != old.Slug || a.Title != "One" || a.Body != "new" || strings.Join(a.TagList, " ") != "x" {
		t.Errorf("updated %+v", a)
	}
	a = article(w.ann.Send("PUT", path, `{"article": {"title": "Two"}}`).Want(200))
	if !strings.HasPrefix(a.Slug, "two-") || a.Title != "Two" || a.Body != "new" {
		t.Errorf("updated %+v", a)
	}
	w.stranger.Get(path).Want(404)

	path = "/api/articles/" + a.Slug
	for body, want := range map[string]string{`"tagList": ["y", "z"]`: "y z", `"tagList": []`: ""} {
		a = article(w.ann.Send("PUT", path, `{"article": {`+body+`}}`).Want(200))
		if got := strings.Join(a.TagList, " "); got != want {
			t.Errorf("%s: the tags are %q, want %q", body, got, want)
		}
	}
}

func TestDelete(t *testing.T) {
	w := newWorld(t)
	a := w.publish(w.ann, "One", `"x"`)
	path := "/api/articles/" + a.Slug
	w.bob.Send("POST", path+"/favorite", nil).Want(200)
	w.bob.Send("DELETE", path, nil).Want(403)
	w.ann.Send("DELETE", path, nil).Want(204)
	w.ann.Send("DELETE", path, nil).Want(404)
	if got, want := w.stranger.Get("/api/tags").Want(200).Text, `{"tags":[]}`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestFavorite(t *testing.T) {
	w := newWorld(t)
	a := w.publish(w.ann, "One", "")
	path := "/api/articles/" + a.Slug
	for range 2 { // the second one changes nothing
		if a := article(w.bob.Send("POST", path+"/favorite", nil).Want(200)); !a.Favorited || a.FavoritesCount != 1 {
			t.Errorf("bob sees %+v", a)
		}
	}
	if a := article(w.ann.Get(path).Want(200)); a.Favorited || a.FavoritesCount != 1 {
		t.Errorf("ann sees %+v", a)
	}
	if a := article(w.bob.Send("DELETE", path+"/favorite", nil).Want(200)); a.Favorited || a.FavoritesCount != 0 {
		t.Errorf("bob sees %+v", a)
	}
	w.bob.Send("POST", "/api/articles/nothing/favorite", nil).Want(404)
	w.stranger.Send("POST", path+"/favorite", nil).Want(401)
}
