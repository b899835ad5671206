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

	var answer comments.Answer
	reader.Send("POST", "/api/articles/one/comments", `{"comment": {"body": "Nice"}}`).Want(201).JSON(&answer)
	added := answer.Comment
	if added.Body != "Nice" || added.Author.Username != "bob" || added.Created.IsZero() {
		t.Errorf("added %+v", added)
	}
	author.Send("POST", "/api/articles/one/comments", `{"comment": {"body": "Thank you"}}`).Want(201)
	apptest.WantMails(t, a, `ann@example.com: bob has commented on "One"`) // and none of her own comment

	var list comments.ListAnswer
	stranger.Get("/api/articles/one/comments").Want(200).JSON(&list)
	if c := list.Comments; len(c) != 2 || c[0] != added || c[1].Body != "Thank you" {
		t.Errorf("the comments are %+v", c)
	}

	author.Send("DELETE", "/api/articles/one/comments/1", nil).Want(403)
	reader.Send("DELETE", "/api/articles/other/comments/1", nil).Want(404)
	reader.Send("DELETE", "/api/articles/one/comments/1", nil).Want(204)
	reader.Send("DELETE", "/api/articles/one/comments/1", nil).Want(404)
	reader.Send("DELETE", "/api/articles/one/comments/x", nil).Want(422).WantErrors("path id type")
}

func TestAddRefused(t *testing.T) {
	a := apptest.New(t)
	client := apptest.NewClient(t, a, comments.Register, apptest.As(apptest.AddUser(t, a, "ann")))
	client.Send("POST", "/api/articles/nothing/comments", `{"comment": {"body": "Nice"}}`).Want(404)
	client.Get("/api/articles/nothing/comments").Want(404)
	client.Send("POST", "/api/articles/one/comments", `{"comment": {"body": ""}}`).Want(422).WantErrors("body comment.body minlen")
	apptest.WantMails(t, a)
}
