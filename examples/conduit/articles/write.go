package articles

import (
	"context"
	"database/sql"

	"github.com/bggen/bggen/examples/conduit/app"
	"github.com/bggen/bggen/examples/conduit/auth"
	"github.com/bggen/bggen/examples/conduit/mails"
	"github.com/bggen/bggen/runtime"
)

// Show shows an article.
//
//bggen:route GET /articles/{slug}
//bggen:without auth.RequireUser
//bggen:answers 404
func Show(ctx context.Context, db *sql.DB, viewer auth.Viewer, slug string) (Answer, error) {
	return answer(ctx, db, slug, viewer.ID)
}

// NewArticle is what somebody has written.
type NewArticle struct {
	Title       string   `json:"title" required:"true" minlen:"1" maxlen:"200"`
	Description string   `json:"description" required:"true" maxlen:"1000"`
	Body        string   `json:"body" required:"true" minlen:"1"`
	TagList     []string `json:"tagList" maxlen:"10"`
}

// Create publishes an article. Those who follow its author are sent a mail.
//
//bggen:route POST /articles status=201
//bggen:param article body=article
func Create(ctx context.Context, article NewArticle, me auth.User, tx *sql.Tx, bg *runtime.BackgroundTasks) (Answer, error) {
	var id int64
	slug := newSlug(article.Title)
	err := tx.QueryRowContext(ctx, `INSERT INTO articles (slug, author, title, description, body) VALUES (?, ?, ?, ?, ?) RETURNING id`,
		slug, me.ID, article.Title, article.Description, article.Body).Scan(&id)
	if err != nil {
		return Answer{}, err
	}
	if err := setTags(ctx, tx, id, article.TagList); err != nil {
		return Answer{}, err
	}
	mails.EnqueuePublished(bg, id)
	a, err := read(ctx, tx, slug, me.ID)
	return Answer{a}, err
}

// setTags has an article have these tags, and no others.
func setTags(ctx context.Context, tx *sql.Tx, article int64, tags []string) error {
	if _, err := tx.ExecContext(ctx, `DELETE FROM tags WHERE article = ?`, article); err != nil {
		return err
	}
	for _, tag := range tags {
		if _, err := tx.ExecContext(ctx, `INSERT OR IGNORE INTO tags VALUES (?, ?)`, article, tag); err != nil {
			return err
		}
	}
	return nil
}

// Own is an article of the user who has sent the request.
type Own Article

// FindOwn finds an article, and refuses users who have not written it.
//
//bggen:provide
//bggen:answers 403="you have not written it" 404
func FindOwn(ctx context.Context, tx *sql.Tx, me auth.User, slug string) (Own, error) {
	a, err := Find(ctx, tx, slug, me.ID)
	if err == nil && a.AuthorID != me.ID {
		err = app.Forbidden("you have not written it")
	}
	return Own(a), err
}

// Changes are what is to be different. What is absent stays as it is.
type Changes struct {
	Title       *string  `json:"title" minlen:"1" maxlen:"200"`
	Description *string  `json:"description" maxlen:"1000"`
	Body        *string  `json:"body" minlen:"1"`
	TagList     []string `json:"tagList" maxlen:"10"` // all of them
}

// Update changes an article. With another title it has another slug.
//
//bggen:route PUT /articles/{slug}
//bggen:param article body=article
func Update(ctx context.Context, article Changes, old Own, me auth.User, tx *sql.Tx) (Answer, error) {
	slug := old.Slug
	if article.Title != nil && *article.Title != old.Title {
		slug = newSlug(*article.Title)
	}
	_, err := tx.ExecContext(ctx, `
		UPDATE articles SET
			slug = ?, title = ifnull(?, title), description = ifnull(?, description), body = ifnull(?, body),
			updated = strftime('%Y-%m-%d %H:%M:%f', 'now')
		WHERE id = ?`, slug, article.Title, article.Description, article.Body, old.ID)
	if err != nil {
		return Answer{}, err
	}
	if article.TagList != nil {
		if err := setTags(ctx, tx, old.ID, article.TagList); err != nil {
			return Answer{}, err
		}
	}
	return answer(ctx, tx, slug, me.ID)
}

// Delete deletes an article, with its comments.
//
//bggen:route DELETE /articles/{slug}
func Delete(ctx context.Context, own Own, tx *sql.Tx) error {
	_, err := tx.ExecContext(ctx, `DELETE FROM articles WHERE id = ?`, own.ID)
	return err
}
