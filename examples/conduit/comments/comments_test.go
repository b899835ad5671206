package comments_test

import (
	"testing"

	"github.com/bggen/bggen/examples/conduit/apptest"
	"github.com/bggen/bggen/examples/conduit/comments"
)

func TestComments(t *testing.T) {
	a := apptest.New(t)
	ann, bob := apptest.AddUser(t, a, "ann"), apptest.AddUser(t, a, "bob")
	_, err := a.DB.ExecContext(t.Context(), `INSERT INTO articles (slug, author, title, description, body) VALUES ('one', ?, 'One', '', '')`, ann.ID)
	if err != nil {
		t.Fatal(err)
	}
	author := apptest.NewClient(t, a, comments.Register, apptest.As(ann))
	reader := apptest.NewClient(t, a, comments.Register, apptest.As(bob))
	stranger := apptest.NewClient(t, a, comments.Register)

	added := apptest.Decode[comments.Answer](t, reader.Send("POST", "/api/articles/one/comments", `{"comment": {"body": "Nice"}}`, 201)).Comment
	if added.Body != "Nice" || added.Author.Username != "bob" || added.Created.IsZero() {
		t.Errorf("added %+v", added)
	}
	author.Send("POST", "/api/articles/one/comments", `{"comment": {"body": "Thank you"}}`, 201)
	apptest.WantMails(t, a, `ann@example.com: bob has commented on "One"`) // and none of her own comment

	list := apptest.Decode[comments.ListAnswer](t, stranger.Send("GET", "/api/articles/one/comments", "", 200)).Comments
	if len(list) != 2 || list[0] != added || list[1].Body != "Thank you" {
		t.Errorf("the comments are %+v", list)
	}

	author.Send("DELETE", "/api/articles/one/comments/1", "", 403)
	reader.Send("DELETE", "/api/articles/other/comments/1", "", 404)
	reader.Send("DELETE", "/api/articles/one/comments/1", "", 204)
	reader.Send("DELETE", "/api/articles/one/comments/1", "", 404)
	apptest.WantErrors(t, reader.Send("DELETE", "/api/articles/one/comments/x", "", 422), "id type")
}

func TestAddRefused(t *testing.T) {
	a := apptest.New(t)
	client := apptest.NewClient(t, a, comments.Register, apptest.As(apptest.AddUser(t, a, "ann")))
	client.Send("POST", "/api/articles/nothing/comments", `{"comment": {"body": "Nice"}}`, 404)
	client.Send("GET", "/api/articles/nothing/comments", "", 404)
	apptest.WantErrors(t, client.Send("POST", "/api/articles/one/comments", `{"comment": {"body": ""}}`, 422), "comment.body minlen")
	apptest.WantMails(t, a)
}
