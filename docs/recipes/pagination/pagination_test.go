package pagination

import (
	"database/sql"
	"net/http"
	"path/filepath"
	"strings"
	"testing"

	_ "modernc.org/sqlite"

	"github.com/bggen/bggen/runtime"
	"github.com/bggen/bggen/runtime/bgtest"
)

func TestPages(t *testing.T) {
	db, err := sql.Open("sqlite", filepath.Join(t.TempDir(), "articles.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.Exec(`CREATE TABLE articles (id INTEGER PRIMARY KEY, title TEXT);
		WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 45)
		INSERT INTO articles SELECT i, 'article ' || i FROM n`); err != nil {
		t.Fatal(err)
	}
	var runner runtime.Runner
	mux := http.NewServeMux()
	Register(mux, &runner, &App{DB: db})
	client := bgtest.NewClient(t, &runner, mux)

	var sizes, all []int
	for next := "/articles?order=id"; next != ""; {
		resp := client.Get(next).Want(200)
		var page []Article
		resp.JSON(&page)
		sizes = append(sizes, len(page))
		for _, a := range page {
			all = append(all, int(a.ID))
		}
		next, _, _ = strings.Cut(strings.TrimPrefix(resp.Header.Get("Link"), "<"), ">")
	}
	if len(sizes) != 3 || sizes[2] != 5 || len(all) != 45 || all[44] != 45 {
		t.Errorf("pages of %v, elements %v", sizes, all)
	}
	client.Get("/articles?limit=1000").Want(422).WantErrors("query limit max")
}
