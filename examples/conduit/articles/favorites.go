package articles

import (
	"context"
	"database/sql"

	"github.com/bggen/bggen/examples/conduit/auth"
)

// Favorite notes that the user likes an article.
//
//bggen:route POST /articles/{slug}/favorite
//bggen:answers 404
func Favorite(ctx context.Context, tx *sql.Tx, me auth.User, slug string) (Answer, error) {
	_, err := tx.ExecContext(ctx, `INSERT OR IGNORE INTO favorites SELECT ?, id FROM articles WHERE slug = ?`, me.ID, slug)
	if err != nil {
		return Answer{}, err
	}
	return answer(ctx, tx, slug, me.ID)
}

// Unfavorite notes that the user does not like it any more.
//
//bggen:route DELETE /articles/{slug}/favorite
//bggen:answers 404
func Unfavorite(ctx context.Context, tx *sql.Tx, me auth.User, slug string) (Answer, error) {
	_, err := tx.ExecContext(ctx, `
		DELETE FROM favorites WHERE user = ? AND article = (SELECT id FROM articles WHERE slug = ?)`, me.ID, slug)
	if err != nil {
		return Answer{}, err
	}
	return answer(ctx, tx, slug, me.ID)
}
