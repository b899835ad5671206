package no_source

import (
	"context"
	"database/sql"
	"io"
	"net/http"
)

type Repo struct{}

//bggen:provide
func NewRepo() Repo { return Repo{} }

//bggen:route GET /pointer
func Pointer(repo *Repo) {}

type Cache struct{}

type Store struct{}

//bggen:provide
func NewStore(c *Cache) *Store { return nil }

//bggen:route GET /deep
func Deep(s *Store) {}

//bggen:route GET /bytes
func Bytes(data []byte) {}

//bggen:route GET /variadic
func Variadic(names ...string) {}

//bggen:route GET /writer
func Writer(w io.Writer) {}

//bggen:route GET /request
func Request(r http.Request, w *http.ResponseWriter, c *context.Context) {}

//bggen:route GET /plain
func Plain(a any, err error) {}

//bggen:route GET /channel
func Channel(c chan int) {}

//bggen:route GET /pool
func Pool(db *sql.DB) {}
