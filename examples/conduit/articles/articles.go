// Package articles has articles, their tags, and who likes them.
//
//bggen:prefix /api
//bggen:emptylists
//bggen:use github.com/bggen/bggen/examples/conduit/app
package articles

import (
	"context"
	"database/sql"
	"encoding/json"
	"time"

	"github.com/bggen/bggen/examples/conduit/app"
	"github.com/bggen/bggen/examples/conduit/profiles"
)

// Article is what a viewer sees of an article.
type Article struct {
	ID             int64            `json:"-"`
	AuthorID       int64            `json:"-"`
	Slug           string           `json:"slug"` // names the article in addresses
	Title          string           `json:"title"`
	Description    string           `json:"description"`
	Body           string           `json:"body"`
	TagList        []string         `json:"tagList"`
	Created        time.Time        `json:"createdAt"`
	Updated        time.Time        `json:"updatedAt"`
	Favorited      bool             `json:"favorited"` // the viewer likes it
	FavoritesCount int              `json:"favoritesCount"`
	Author         profiles.Profile `json:"author"`
}

// Answer has an article.
type Answer struct {
	Article Article `json:"article"`
}

// selectArticles reads articles, as the user with the number :viewer sees them.
const selectArticles = `
	SELECT articles.id, slug, title, description, body, created, updated,
		(SELECT json_group_array(tag ORDER BY tag) FROM tags WHERE article = articles.id),
		EXISTS (SELECT 1 FROM favorites WHERE article = articles.id AND user = :viewer),
		(SELECT count(*) FROM favorites WHERE article = articles.id),
		author, username, bio, image,
		EXISTS (SELECT 1 FROM follows WHERE follower = :viewer AND followed = author)
	FROM articles JOIN users ON users.id = author `

// fields are where a row of selectArticles is scanned to.
func fields(a *Article) []any {
	return []any{
		&a.ID, &a.Slug, &a.Title, &a.Description, &a.Body, &a.Created, &a.Updated,
		(*tagList)(&a.TagList), &a.Favorited, &a.FavoritesCount,
		&a.AuthorID, &a.Author.Username, &a.Author.Bio, &a.Author.Image, &a.Author.Following,
	}
}

// tagList reads a list that the database has made to JSON.
type tagList []string

func (t *tagList) Scan(column any) error { return json.Unmarshal([]byte(column.(string)), t) }

// Find reads an article, as the user with the number viewer sees it.
func Find(ctx context.Context, db app.Querier, slug string, viewer int64) (Article, error) {
	a, err := read(ctx, db, slug, viewer)
	return a, app.OrNotFound(err)
}

// read is Find for an article that is sure to be there: that it is not is no mistake
// of the client.
func read(ctx context.Context, db app.Querier, slug string, viewer int64) (a Article, err error) {
	err = db.QueryRowContext(ctx, selectArticles+`WHERE slug = :slug`, sql.Named("viewer", viewer), sql.Named("slug", slug)).
		Scan(fields(&a)...)
	return a, err
}

// answer reads an article to answer with.
func answer(ctx context.Context, db app.Querier, slug string, viewer int64) (Answer, error) {
	a, err := Find(ctx, db, slug, viewer)
	return Answer{a}, err
}
