// Package renamed has directives and parameters that fit no longer, after something
// was renamed, moved or deleted.
package renamed

import "github.com/bggen/bggen/testdata/errors/renamed/auth"

type DB struct{ n int }

type Bad struct{ n int }

type Store interface{ Get() int }

//bggen:provide
func NewBad() (Bad, int) { return Bad{}, 1 }

//bggen:route GET /a
//bggen:depends RequireUser
func A(db *DB, u auth.User) {}

//bggen:route GET /b
func B(db *DB, b Bad) {}

//bggen:route GET /c
func C(b Bad, db *DB) {}

//bggen:route GET /items/{id}
func D(userID int64) {}

//bggen:provide
func P(orderID int64) Order { return Order{} }

type Order struct{ A int }

//bggen:route GET /orders/{id}
func E(o Order) {}

//bggen:task
func T(ctx int, db *DB, s Store) error { return nil }

//bggen:provide
func NewRepo[X any](n int) *Repo[X] { return nil }

type Repo[X any] struct{ x X }

func (r *Repo[X]) Find() X { return r.x }

type Finder[X any] interface{ Find() X }

//bggen:route GET /find
func F(f Finder[auth.User]) {}

type Num interface{ ~int }

//bggen:provide
func NewSum[X Num]() Sum[X] { return Sum[X]{} }

type Sum[X any] struct{ x X }

//bggen:route GET /sum
func G(s Sum[string]) {}
