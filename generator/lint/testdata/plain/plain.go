// Package plain does not import the runtime: -all looks at it.
package plain

import (
	"context"
	"database/sql"
	"net/http"
)

func audit(context.Context, ...any) error { return nil }

type server struct{ db *sql.DB }

func (s *server) handle(w http.ResponseWriter, r *http.Request) {
	go audit(r.Context()) // want `this goroutine uses r.Context\(\), and the context of the request is cancelled`
	go audit(context.WithoutCancel(r.Context()), r.URL.Path)
	rows, err := s.db.QueryContext(r.Context(), "SELECT 1")
	if err != nil {
		return
	}
	go audit(context.Background(), rows) // want `this goroutine uses rows, and the context of the request is cancelled`
}
