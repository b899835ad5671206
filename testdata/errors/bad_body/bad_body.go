package bad_body

import (
	"io"
	"time"
)

//bggen:route POST /func
func Func(body func()) {}

//bggen:route POST /reader
func Reader(body io.ReadSeeker) {}

type Tree struct {
	Children []*Tree
	Events   chan int
}

//bggen:route POST /tree
func PostTree(body Tree) {}

type endless[T any] struct{ Next *endless[[]T] }

//bggen:route POST /endless
func Endless(body endless[chan int]) {}

type part struct{ N int }

type Whole struct{ *part }

//bggen:route POST /whole
func PostWhole(body Whole) {}

type Stamp time.Time

//bggen:route POST /hidden
func Hidden(body struct{ At *Stamp }) {}
