// Package odd has types that are legal and rare.
package odd

import "github.com/bggen/bggen/runtime"

// Box decodes itself, whatever is in it.
type Box[T any] struct{ size int }

// UnmarshalJSON counts bytes.
func (b *Box[T]) UnmarshalJSON(data []byte) error {
	b.size = len(data)
	return nil
}

// Fields that JSON does not see may be of any type.
//
//bggen:route POST /fields
func Fields(body struct {
	A int                                   "json:\"a`\" other:\"x\""
	C <-chan int                            `json:"-"`
	F func(a int, b ...string) (int, error) `json:"-"`
	I interface{ M(chan<- int) }            `json:"-"`
	D chan (<-chan int)                     `json:"-"`
}) int {
	return body.A
}

// Func is in a box, where it does no harm.
//
//bggen:route POST /box
func Func(body Box[func()]) int { return body.size }

// Deep types are looked at once each.
type (
	T0 struct{ A, B *T1 }
	T1 struct{ A, B *T2 }
	T2 struct{ A, B *T3 }
	T3 struct{ A, B *T4 }
	T4 struct{ A, B *T0 }
)

// Deep takes one.
//
//bggen:route POST /deep
func Deep(body T0) bool { return body.A != nil }

// Input is normalized by a function that is no cycle: its body is the client's.
type Input struct {
	Name string `json:"name"`
}

// Output is made of it.
type Output Input

// Normalize makes it.
//
//bggen:provide
func Normalize(body Input) Output { return Output{body.Name + "!"} }

// Show shows it.
//
//bggen:route POST /normalize
func Show(out Output) Output { return out }

// Read has a method Read that reads nothing.
type Read struct{ Done bool }

// Read says whether it was read.
func (r Read) Read() bool { return r.Done }

// GetRead returns one.
//
//bggen:route GET /read
func GetRead() Read { return Read{true} }

// Fields of one letter in two cases, and a list that a provider could make.
//
//bggen:task
func Letters(a, A string, rest ...Input) {}

// HTTPPing begins with an abbreviation.
//
//bggen:task
func HTTPPing() {}

// Enqueue enqueues both.
//
//bggen:route POST /enqueue
func Enqueue(bg *runtime.BackgroundTasks) {
	EnqueueLetters(bg, "a", "A", []Input{{"x"}})
	EnqueueHTTPPing(bg)
}
