package adapter

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"time"

	"github.com/bggen/bggen/runtime"
	"github.com/bggen/bggen/runtime/adapter/jsonbody"
	"github.com/bggen/bggen/runtime/internal/core"
)

// An Exchange is one request and its response, for generated code. It is not
// kept beyond the request.
type Exchange struct {
	Cleanups // that the providers of the request left
	exchange
	body    bytes.Buffer
	result  bytes.Buffer
	encoder *json.Encoder // into result
}

// An exchange is what an Exchange has of one request, and nothing of the next.
type exchange struct {
	adapter *adapter
	w       http.ResponseWriter
	r       *http.Request
	unit    *core.Unit // nil: the request has no collector, or none yet
	turn    core.Turn  // of the request

	full    bool // there was no slot
	joined  bool // the unit is that of middleware, which ends it
	settled bool // something was
	own     bool // the handler writes by itself
	writer  *trackedWriter

	maxBody    int64 // bytes; 0: defaultMaxBody
	limited    io.LimitedReader
	bodyState  bodyState
	bodyKept   bool     // somebody may have kept a part of it
	anyType    bool     // JSON is read whatever the Content-Type is
	strict     bool     // members of the body that are no fields are refused
	members    []string // of the body, that are read apart
	query      parameters
	form       form
	refusal    error  // of a request without its credentials
	unset      string // a wildcard of the path that the router did not set
	bindStatus int    // of a body that could not be read
	bindErrors []runtime.FieldError

	status      int // 0: the handler has written, or handler will
	contentType []string
	lists       *jsonbody.Shape     // where nil slices and maps in JSON are not null; nil: nowhere
	header      http.Header         // of a Response
	cookies     []*http.Cookie      // of one
	stream      io.Reader           // in place of result
	sequence    func(*pieces) error // in place of result
	cancel      func()              // ends the context of the request; nil: the server alone does
	keepAlive   time.Duration       // between signs of life in a sequence; 0: none
	handler     http.Handler        // in place of all
}

// free makes x ready for another request. What it keeps are its buffers,
// unless they are large.
func (x *Exchange) free() {
	const keep = 64 << 10
	kept, query, form := x.bodyKept, reusable(x.query.pairs), reusable(x.form.parameters.pairs)
	x.exchange = exchange{}
	x.query.pairs, x.form.parameters.pairs = query, form
	x.body.Reset()
	if kept || x.body.Cap() > keep {
		x.body = bytes.Buffer{}
	}
	x.result.Reset()
	if x.result.Cap() > keep {
		x.result, x.encoder = bytes.Buffer{}, nil
	}
	x.settle, x.release = x.settle[:0], x.release[:0] // each was taken out
	exchanges.Put(x)
}

// reusable is list for the next request, unless it is long.
func reusable(list []pair) []pair {
	if cap(list) > 64 {
		return nil
	}
	clear(list)
	return list[:0]
}

// Context returns the request's context.
func (x *Exchange) Context() context.Context { return x.r.Context() }

// Request returns the request.
func (x *Exchange) Request() *http.Request { return x.r }

// Runner returns the runner of the handler.
func (x *Exchange) Runner() *runtime.Runner { return x.adapter.runner }

// Tasks returns the collector of the request.
func (x *Exchange) Tasks() *runtime.BackgroundTasks { return (*runtime.BackgroundTasks)(x.unit) }

// TaskContext returns the context of the request's tasks. It has the values of
// the request's context, and outlives it.
func (x *Exchange) TaskContext() context.Context { return x.unit.TaskContext() }

// Writer returns the response writer, for headers to be set.
func (x *Exchange) Writer() http.ResponseWriter { return x.w }

// Takeover returns the response writer for a handler that writes the response
// itself and cannot fail. It is the server's own writer, unless the response has
// to be flushed: then it is one that holds a short body back until its length is
// known, as the server would.
func (x *Exchange) Takeover() http.ResponseWriter {
	x.own = true
	if !x.flushes() {
		return x.w
	}
	return x.track()
}

// TakeoverOrFail returns the response writer for a handler that writes the
// response itself and may return an error. The writer notes whether the handler
// has begun to write.
func (x *Exchange) TakeoverOrFail() http.ResponseWriter {
	x.own = true
	return x.track()
}

// flushes reports whether tasks can only start after a flush.
func (x *Exchange) flushes() bool { return x.adapter.tasks && x.turn.IsZero() }

func (x *Exchange) track() http.ResponseWriter {
	t := &trackedWriter{ResponseWriter: x.w, head: x.r.Method == http.MethodHead, http1: x.r.ProtoMajor == 1}
	switch {
	case !x.flushes():
	case t.http1:
		t.hold = holdHTTP1
	default:
		t.hold = holdHTTP2
	}
	x.writer = t
	return t.withInterfaces()
}

// begun reports whether the handler has, or may have, begun to answer.
func (x *Exchange) begun() bool {
	if x.writer != nil {
		return x.writer.began
	}
	return x.own
}

// flush hands the whole response to the connection, so that tasks can start.
func (x *Exchange) flush() {
	if x.writer != nil {
		if x.writer.hijacked {
			return
		}
		x.writer.finish()
	}
	x.unit.Flush(x.w, x.r)
}
