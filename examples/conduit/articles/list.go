package articles

import (
	"context"
	"database/sql"

	"github.com/bggen/bggen/examples/conduit/app"
	"github.com/bggen/bggen/examples/conduit/auth"
)

// Query says which articles are wanted.
type Query struct {
	app.Page
	Tag       *string `query:"tag"`
	Author    *string `query:"author"`    // the username of one
	Favorited *string `query:"favorited"` // the username of somebody who likes them
}

// ListAnswer has a part of a list of articles.
type ListAnswer struct {
	Articles []Article `json:"articles"`
	Count    int       `json:"articlesCount"` // of the whole list
}

// List shows articles, the newest first.
//
//bggen:route GET /articles
//bggen:without auth.RequireUser
func List(ctx context.Context, db *sql.DB, viewer auth.Viewer, q Query) (ListAnswer, error) {
	return list(ctx, db, viewer.ID, q.Page, `
		WHERE (:tag IS NULL OR articles.id IN (SELECT article FROM tags WHERE tag = :tag))
		AND (:author IS NULL OR username = :author)
		AND (:favorited IS NULL OR articles.id IN (
			SELECT article FROM favorites JOIN users fan ON fan.id = user WHERE fan.username = :favorited))`,
		sql.Named("tag", q.Tag), sql.Named("author", q.Author), sql.Named("favorited", q.Favorited))
}

// Feed shows articles of those whom the user follows, the newest first.
//
//bggen:route GET /articles/feed
func Feed(ctx context.Context, db *sql.DB, me auth.User, page app.Page) (ListAnswer, error) {
	return list(ctx, db, me.ID, page, `WHERE author IN (SELECT followed FROM follows WHERE follower = :me)`, sql.Named("me", me.ID))
}

// list reads a page of the articles that a condition lets through.
func list(ctx context.Context, db app.Querier, viewer int64, page app.Page, where string, args ...any) (ListAnswer, error) {
	var answer ListAnswer
	count := db.QueryRowContext(ctx, `SELECT count(*) FROM articles JOIN users ON users.id = author `+where, args...)
	if err := count.Scan(&answer.Count); err != nil {
		return answer, err
	}
	args = append(args, sql.Named("viewer", viewer), sql.Named("limit", page.Limit), sql.Named("offset", page.Offset))
	rows, err := db.QueryContext(ctx, selectArticles+where+` ORDER BY articles.id DESC LIMIT :limit OFFSET :offset`, args...)
	answer.Articles, err = app.Collect(rows, err, fields)
	return answer, err
}

// TagsAnswer has all tags.
type TagsAnswer struct {
	Tags []string `json:"tags"`
}

// Tags shows all tags, the one with the most articles first.
//
//bggen:route GET /tags
//bggen:without auth.RequireUser
func Tags(ctx context.Context, db *sql.DB) (TagsAnswer, error) {
	rows, err := db.QueryContext(ctx, `SELECT tag FROM tags GROUP BY tag ORDER BY count(*) DESC, tag LIMIT 100`)
	tags, err := app.Collect(rows, err, func(tag *string) []any { return []any{tag} })
	return TagsAnswer{tags}, err
}
