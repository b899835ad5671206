package interfaces

import "io"

type Store interface{ Get() string }

type A struct{}

func (A) Get() string { return "" }

func (A) Read([]byte) (int, error) { return 0, nil }

type B struct{}

func (B) Get() string { return "" }

//bggen:provide
func NewA() A { return A{} }

//bggen:provide
func NewB() B { return B{} }

//bggen:route GET /two
func Two(s Store) {}

//bggen:route GET /standard
func Standard(r io.Reader) {}
