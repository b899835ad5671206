package runtime

import (
	"context"
	"time"

	"github.com/bggen/bggen/runtime/internal/core"
)

// An Event is a server-sent event. A handler whose route has stream=sse may return an
// iter.Seq of them, where it has more to say than the data:
//
//	//bggen:route GET /prices stream=sse
//	func Prices(ctx context.Context) iter.Seq[runtime.Event[Price]]
//
// The client asks for what came after the last event that it has seen with the header
// Last-Event-ID, which is a parameter like any other.
type Event[T any] struct {
	ID      string        // what the client sends as Last-Event-ID when it connects again
	Name    string        // the type of the event; "" is message
	Retry   time.Duration // how long the client is to wait before it connects again; 0: as before
	Comment string        // which clients ignore
	Data    T             // a string as it is, and anything else in JSON
}

// Event returns the event with data of any type. It is for package adapter.
func (e Event[T]) Event() Event[any] { return Event[any]{e.ID, e.Name, e.Retry, e.Comment, e.Data} }

// Draining returns a channel that is closed when the server of the request with this
// context, or the process of the task that runs with it, has been told to end: when
// [Serve] is, or [Runner.Shutdown] is called. A handler that writes a response without an
// end, such as a stream of events or a WebSocket, returns then, so that the process need
// not wait for it. The channel is nil, and so never ready, if neither [Serve] nor
// [Runner.Attach] knows of the server.
func Draining(ctx context.Context) <-chan struct{} { return core.DrainingOf(ctx) }
