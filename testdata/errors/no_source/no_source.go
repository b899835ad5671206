package no_source

import (
	"io"
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
