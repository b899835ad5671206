// Package comments has what readers say of articles.
//
//bggen:prefix /api
//bggen:emptylists
//bggen:use github.com/bggen/bggen/examples/conduit/app
package comments

import (
	"context"
	"database/sql"
	"time"

	"github.com/bggen/bggen/examples/conduit/app"
	"github.com/bggen/bggen/examples/conduit/articles"
	"github.com/bggen/bggen/examples/conduit/auth"
	"github.com/bggen/bggen/examples/conduit/mails"
	"github.com/bggen/bggen/examples/conduit/profiles"
	"github.com/bggen/bggen/runtime"
)

// Comment is what a viewer sees of a comment.
type Comment struct {
	ID      int64            `json:"id"`
	Body    string           `json:"body"`
	Created time.Time        `json:"createdAt"`
	Updated time.Time        `json:"updatedAt"`
	Author  profiles.Profile `json:"author"`
}

// Answer has a comment.
type Answer struct {
	Comment Comment `json:"comment"`
}

// ListAnswer has comments.
type ListAnswer struct {
	Comments []Comment `json:"comments"`
}

// selectComments reads comments, as the user with the number :viewer sees them.
const selectComments = `
	SELECT comments.id, body, created, updated, username, bio, image,
		EXISTS (SELECT 1 FROM follows WHERE follower = :viewer AND followed = author)
	FROM comments JOIN users ON users.id = author `

// fields are where a row of selectComments is scanned to.
func fields(c *Comment) []any {
	return []any{
		&c.ID, &c.Body, &c.Created, &c.Updated,
		&c.Author.Username, &c.Author.Bio, &c.Author.Image, &c.Author.Following,
	}
}

// List shows the comments of an article, the oldest first.
//
//bggen:route GET /articles/{slug}/comments
//bggen:without auth.RequireUser
//bggen:answers 404
func List(ctx context.Context, db *sql.DB, viewer auth.Viewer, slug string) (ListAnswer, error) {
	article, err := articles.Find(ctx, db, slug, viewer.ID)
	if err != nil {
		return ListAnswer{}, err
	}
	rows, err := db.QueryContext(ctx, selectComments+`WHERE article = :article ORDER BY comments.id`,
		sql.Named("viewer", viewer.ID), sql.Named("article", article.ID))
	list, err := app.Collect(rows, err, fields)
	return ListAnswer{list}, err
}

// NewComment is what somebody has to say.
type NewComment struct {
	Body string `json:"body" required:"true" minlen:"1" maxlen:"10000"`
}

// Add adds a comment. The author of the article is sent a mail.
//
//bggen:route POST /articles/{slug}/comments status=201
//bggen:param comment body=comment
//bggen:answers 404
func Add(ctx context.Context, comment NewComment, slug string, me auth.User, tx *sql.Tx, bg *runtime.BackgroundTasks) (Answer, error) {
	article, err := articles.Find(ctx, tx, slug, me.ID)
	if err != nil {
		return Answer{}, err
	}
	var id int64
	err = tx.QueryRowContext(ctx, `INSERT INTO comments (article, author, body) VALUES (?, ?, ?) RETURNING id`,
		article.ID, me.ID, comment.Body).Scan(&id)
	if err != nil {
		return Answer{}, err
	}
	if article.AuthorID != me.ID {
		mails.EnqueueCommented(bg, id)
	}
	var c Comment
	err = tx.QueryRowContext(ctx, selectComments+`WHERE comments.id = :id`, sql.Named("viewer", me.ID), sql.Named("id", id)).
		Scan(fields(&c)...)
	return Answer{c}, err
}

// Delete deletes a comment of the user's own.
//
//bggen:route DELETE /articles/{slug}/comments/{id}
//bggen:answers 403="you have not written it" 404
func Delete(ctx context.Context, slug string, id int64, me auth.User, tx *sql.Tx) error {
	var author int64
	err := tx.QueryRowContext(ctx, `
		SELECT comments.author FROM comments JOIN articles ON articles.id = article
		WHERE comments.id = ? AND slug = ?`, id, slug).Scan(&author)
	if err != nil {
		return app.OrNotFound(err)
	}
	if author != me.ID {
		return app.Forbidden("you have not written it")
	}
	_, err = tx.ExecContext(ctx, `DELETE FROM comments WHERE id = ?`, id)
	return err
}
