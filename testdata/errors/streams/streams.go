// Package streams has handlers that return sequences which cannot be sent.
package streams

import (
	"iter"

	"github.com/bggen/bggen/runtime"
)

//bggen:route GET /pairs
func Pairs() iter.Seq2[int, string] { return nil }

//bggen:route GET /channels
func Channels() iter.Seq[chan int] { return nil }

//bggen:route GET /events
func Events() iter.Seq[runtime.Event[int]] { return nil }

//bggen:route GET /list stream=sse
func List() []int { return nil }

//bggen:route GET /other stream=websocket
func Other() iter.Seq[int] { return nil }

type hidden struct{ a, b int }

//bggen:route GET /hidden
func Hidden() hidden { return hidden{} }

//bggen:route GET /hiddens
func Hiddens() (*hidden, error) { return nil, nil }
