// Package pagination returns a long list in pages.
//
// A page begins after an element, and not at a number: nothing is shown twice or left
// out when the list changes between two requests, and the last page is as fast as the
// first. The link to the next page is in the header Link (RFC 8288).
package pagination

import (
	"context"
	"database/sql"
	"fmt"
	"net/http"
	"net/url"

	"github.com/bggen/bggen/runtime"
)

// App holds what lives as long as the program.
//
//bggen:app
type App struct{ DB *sql.DB }

// Page is which part of a list is wanted. Any handler can take one.
type Page struct {
	After int64 `query:"after" min:"0" default:"0"` // the id of the last element seen
	Limit int   `query:"limit" min:"1" max:"100" default:"20"`
}

// Article is an element of the list.
type Article struct {
	ID    int64  `json:"id"`
	Title string `json:"title"`
}

// ListArticles returns a page of articles.
//
//bggen:route GET /articles
func ListArticles(ctx context.Context, r *http.Request, db *sql.DB, page Page) (runtime.Response[[]Article], error) {
	var response runtime.Response[[]Article]
	// One more than wanted tells whether there is another page.
	rows, err := db.QueryContext(ctx, `SELECT id, title FROM articles WHERE id > ? ORDER BY id LIMIT ?`, page.After, page.Limit+1)
	if err != nil {
		return response, err
	}
	defer rows.Close()
	for rows.Next() {
		var a Article
		if err := rows.Scan(&a.ID, &a.Title); err != nil {
			return response, err
		}
		response.Body = append(response.Body, a)
	}
	if len(response.Body) > page.Limit {
		response.Body = response.Body[:page.Limit]
		response.Header = http.Header{"Link": {page.next(r.URL, response.Body[page.Limit-1].ID)}}
	}
	return response, rows.Err()
}

// next is the link to the page after an element. It keeps the other parameters.
func (p Page) next(u *url.URL, last int64) string {
	query := u.Query()
	query.Set("after", fmt.Sprint(last))
	return fmt.Sprintf("<%s?%s>; rel=\"next\"", u.Path, query.Encode())
}
