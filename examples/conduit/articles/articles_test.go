package articles_test

import (
	"strings"
	"testing"

	"github.com/bggen/bggen/examples/conduit/app"
	"github.com/bggen/bggen/examples/conduit/apptest"
	"github.com/bggen/bggen/examples/conduit/articles"
	"github.com/bggen/bggen/examples/conduit/auth"
)

// world is two users, of whom bob follows ann, and a stranger.
type world struct {
	*testing.T
	app                *app.App
	ann, bob, stranger *apptest.Client
}

func newWorld(t *testing.T) world {
	a := apptest.New(t)
	ann, bob := apptest.AddUser(t, a, "ann"), apptest.AddUser(t, a, "bob")
	if _, err := a.DB.ExecContext(t.Context(), `INSERT INTO follows VALUES (?, ?)`, bob.ID, ann.ID); err != nil {
		t.Fatal(err)
	}
	as := func(u auth.User) *apptest.Client { return apptest.NewClient(t, a, articles.Register, apptest.As(u)) }
	return world{t, a, as(ann), as(bob), apptest.NewClient(t, a, articles.Register)}
}

// publish has a user publish an article, and returns it.
func (w world) publish(by *apptest.Client, title string, tags string) articles.Article {
	w.Helper()
	body := `{"article": {"title": "` + title + `", "description": "d", "body": "b", "tagList": [` + tags + `]}}`
	return w.article(by.Send("POST", "/api/articles", body, 201))
}

func (w world) article(answer string) articles.Article {
	w.Helper()
	return apptest.Decode[articles.Answer](w, answer).Article
}

// titles are those of a list of articles.
func (w world) titles(answer string) (titles string, count int) {
	w.Helper()
	list := apptest.Decode[articles.ListAnswer](w, answer)
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
	if seen := w.article(w.bob.Send("GET", "/api/articles/"+a.Slug, "", 200)); !seen.Author.Following {
		t.Error("bob does not follow ann")
	}
	if seen := w.article(w.stranger.Send("GET", "/api/articles/"+a.Slug, "", 200)); seen.Author.Following {
		t.Error("a stranger follows ann")
	}
	w.stranger.Send("GET", "/api/articles/nothing", "", 404)
}

func TestCreateRefused(t *testing.T) {
	w := newWorld(t)
	w.stranger.Send("POST", "/api/articles", `{`, 401)
	w.ann.Send("POST", "/api/articles", `{`, 400)
	apptest.WantErrors(t, w.ann.Send("POST", "/api/articles", `{}`, 422), "article missing")
	apptest.WantErrors(t, w.ann.Send("POST", "/api/articles", `{"article": {"title": "", "body": 1}}`, 422),
		"article.title minlen", "article.description missing", "article.body type")
	apptest.WantMails(t, w.app)
}

func TestList(t *testing.T) {
	w := newWorld(t)
	w.publish(w.ann, "One", `"x", "y"`)
	two := w.publish(w.bob, "Two", `"x"`)
	w.publish(w.ann, "Three", "")
	w.ann.Send("POST", "/api/articles/"+two.Slug+"/favorite", "", 200)
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
		if titles, count := w.titles(w.stranger.Send("GET", "/api/articles"+query, "", 200)); titles != want.titles || count != want.count {
			t.Errorf("%s: got %q of %d, want %q of %d", query, titles, count, want.titles, want.count)
		}
	}
	apptest.WantErrors(t, w.stranger.Send("GET", "/api/articles?limit=0&offset=x", "", 422), "limit min", "offset type")
	if got, want := w.stranger.Send("GET", "/api/tags", "", 200), `{"tags":["x","y"]}`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestFeed(t *testing.T) {
	w := newWorld(t)
	w.publish(w.ann, "One", "")
	w.publish(w.bob, "Two", "")
	if titles, count := w.titles(w.bob.Send("GET", "/api/articles/feed", "", 200)); titles != "One" || count != 1 {
		t.Errorf("bob reads %q of %d", titles, count)
	}
	if titles, count := w.titles(w.ann.Send("GET", "/api/articles/feed", "", 200)); titles != "" || count != 0 {
		t.Errorf("ann reads %q of %d", titles, count)
	}
	w.stranger.Send("GET", "/api/articles/feed", "", 401)
}

func TestUpdate(t *testing.T) {
	w := newWorld(t)
	old := w.publish(w.ann, "One", `"x"`)
	path := "/api/articles/" + old.Slug
	w.bob.Send("PUT", path, `{"article": {"body": "mine"}}`, 403)
	w.ann.Send("PUT", "/api/articles/nothing", `{"article": {"body": "mine"}}`, 404)

	a := w.article(w.ann.Send("PUT", path, `{"article": {"body": "new"}}`, 200))
	if a.Slug != old.Slug || a.Title != "One" || a.Body != "new" || strings.Join(a.TagList, " ") != "x" {
		t.Errorf("updated %+v", a)
	}
	a = w.article(w.ann.Send("PUT", path, `{"article": {"title": "Two"}}`, 200))
	if !strings.HasPrefix(a.Slug, "two-") || a.Title != "Two" || a.Body != "new" {
		t.Errorf("updated %+v", a)
	}
	w.stranger.Send("GET", path, "", 404)

	path = "/api/articles/" + a.Slug
	for body, want := range map[string]string{`"tagList": ["y", "z"]`: "y z", `"tagList": []`: ""} {
		a = w.article(w.ann.Send("PUT", path, `{"article": {`+body+`}}`, 200))
		if got := strings.Join(a.TagList, " "); got != want {
			t.Errorf("%s: the tags are %q, want %q", body, got, want)
		}
	}
}

func TestDelete(t *testing.T) {
	w := newWorld(t)
	a := w.publish(w.ann, "One", `"x"`)
	path := "/api/articles/" + a.Slug
	w.bob.Send("POST", path+"/favorite", "", 200)
	w.bob.Send("DELETE", path, "", 403)
	w.ann.Send("DELETE", path, "", 204)
	w.ann.Send("DELETE", path, "", 404)
	if got, want := w.stranger.Send("GET", "/api/tags", "", 200), `{"tags":[]}`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestFavorite(t *testing.T) {
	w := newWorld(t)
	a := w.publish(w.ann, "One", "")
	path := "/api/articles/" + a.Slug
	for range 2 { // the second one changes nothing
		if a := w.article(w.bob.Send("POST", path+"/favorite", "", 200)); !a.Favorited || a.FavoritesCount != 1 {
			t.Errorf("bob sees %+v", a)
		}
	}
	if a := w.article(w.ann.Send("GET", path, "", 200)); a.Favorited || a.FavoritesCount != 1 {
		t.Errorf("ann sees %+v", a)
	}
	if a := w.article(w.bob.Send("DELETE", path+"/favorite", "", 200)); a.Favorited || a.FavoritesCount != 0 {
		t.Errorf("bob sees %+v", a)
	}
	w.bob.Send("POST", "/api/articles/nothing/favorite", "", 404)
	w.stranger.Send("POST", path+"/favorite", "", 401)
}
