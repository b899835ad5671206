package adapter

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"iter"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/bggen/bggen/runtime"
)

var (
	typeLines  = []string{"application/jsonl"}
	typeEvents = []string{"text/event-stream"}
)

// Streaming prepares for a result that is written value by value: the context of the
// request ends when the process is told to end, once the writing has begun.
func (x *Exchange) Streaming() {
	ctx, cancel := context.WithCancel(x.r.Context())
	x.r, x.cancel = x.r.WithContext(ctx), cancel
}

// Lines answers with the values of a sequence in JSON, one on each line, as they come.
func Lines[T any](x *Exchange, status int, seq iter.Seq[T]) error {
	return LinesOrError(x, status, withoutErrors(seq))
}

// LinesOrError is Lines for a sequence that may fail.
func LinesOrError[T any](x *Exchange, status int, seq iter.Seq2[T, error]) error {
	return sequence(x, status, typeLines, seq, appendLine)
}

// Events answers with the values of a sequence as server-sent events, as they come.
func Events[T any](x *Exchange, status int, seq iter.Seq[T]) error {
	return EventsOrError(x, status, withoutErrors(seq))
}

// EventsOrError is Events for a sequence that may fail.
func EventsOrError[T any](x *Exchange, status int, seq iter.Seq2[T, error]) error {
	x.keepAlive = 15 * time.Second
	return sequence(x, status, typeEvents, seq, appendEvent)
}

func withoutErrors[T any](seq iter.Seq[T]) iter.Seq2[T, error] {
	if seq == nil {
		return nil
	}
	return func(yield func(T, error) bool) {
		for v := range seq {
			if !yield(v, nil) {
				return
			}
		}
	}
}

// sequence has the response written from seq when the request has succeeded.
func sequence[T any](x *Exchange, status int, contentType []string, seq iter.Seq2[T, error], add func(*Exchange, *bytes.Buffer, any) error) error {
	if seq == nil {
		return errors.New("the sequence to answer with is nil")
	}
	x.status, x.contentType = status, contentType
	x.sequence = func(w *pieces) error {
		for v, err := range seq {
			if err != nil {
				return err
			}
			if more, err := w.write(func(b *bytes.Buffer) error { return add(x, b, v) }); err != nil || !more {
				return err
			}
		}
		return nil
	}
	return nil
}

func appendLine(x *Exchange, b *bytes.Buffer, v any) error {
	line, err := x.marshal(v)
	b.Write(line)
	b.WriteByte('\n')
	return err
}

// appendEvent adds a server-sent event, as the HTML standard has it. Data that is a
// string is sent as it is, and anything else in JSON.
func appendEvent(x *Exchange, b *bytes.Buffer, v any) error {
	event, ok := v.(interface{ Event() runtime.Event[any] })
	if !ok {
		return appendData(x, b, v)
	}
	e := event.Event()
	for _, field := range []struct{ name, value string }{{"", e.Comment}, {"id", e.ID}, {"event", e.Name}} {
		if strings.ContainsAny(field.value, "\r\n\x00") {
			return fmt.Errorf("the %s of an event has a line feed in it: %q", field.name, field.value)
		}
		if field.value != "" {
			b.WriteString(field.name + ": " + field.value + "\n")
		}
	}
	if e.Retry > 0 {
		b.WriteString("retry: " + strconv.FormatInt(e.Retry.Milliseconds(), 10) + "\n")
	}
	return appendData(x, b, e.Data)
}

func appendData(x *Exchange, b *bytes.Buffer, v any) error {
	text, ok := v.(string)
	if !ok {
		data, err := x.marshal(v)
		if err != nil {
			return err
		}
		text = string(data)
	}
	for line := range strings.SplitSeq(strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(text), "\n") {
		b.WriteString("data: " + line + "\n")
	}
	b.WriteByte('\n')
	return nil
}

// writeSequence writes the values of a sequence as they come. It ends when the client
// has gone, or the process is told to end. Where the sequence fails, the connection is
// aborted: the client must not take what it has for all of it.
func (x *Exchange) writeSequence() {
	w := x.answerer()
	x.setType(w.Header())
	if h := w.Header(); h["Cache-Control"] == nil {
		h["Cache-Control"] = []string{"no-cache"}
	}
	w.WriteHeader(x.status)
	if isBodyless(x.status) || x.r.Method == http.MethodHead {
		return
	}
	ctx := x.r.Context()
	p := &pieces{w: w, control: http.NewResponseController(w), ctx: ctx, cannotFlush: x.cannotFlush}
	p.flush()
	end := make(chan struct{})
	var helper sync.WaitGroup
	defer helper.Wait()
	defer close(end)
	helper.Go(func() { x.watch(p, end) })
	if err := x.sequence(p); err != nil && ctx.Err() == nil {
		x.log("the result could not be read to its end", err)
		panic(http.ErrAbortHandler)
	}
}

// watch keeps the connection alive while nothing comes, and ends the sequence when the
// process is told to end.
func (x *Exchange) watch(p *pieces, end chan struct{}) {
	var tick <-chan time.Time
	if x.keepAlive > 0 {
		ticker := time.NewTicker(x.keepAlive)
		defer ticker.Stop()
		tick = ticker.C
	}
	for {
		select {
		case <-end:
			return
		case <-x.adapter.core.Draining():
			x.cancel()
			return
		case <-tick:
			p.write(func(b *bytes.Buffer) error { b.WriteString(":\n\n"); return nil })
		}
	}
}

// cannotFlush says once that values do not arrive as they come.
func (x *Exchange) cannotFlush(err error) {
	x.adapter.unflushed.Do(func() {
		x.adapter.core.Log().Warn("the values of a result arrive together, when it ends: what is around the handler, such as http.TimeoutHandler, does not let the response be flushed", "handler", x.adapter.name, "error", err)
	})
}

// pieces writes a response piece by piece, each handed to the connection at once.
type pieces struct {
	mu          sync.Mutex
	w           http.ResponseWriter
	control     *http.ResponseController
	ctx         context.Context // ends when the client has gone
	buffer      bytes.Buffer
	cannotFlush func(error)
}

// write writes one piece. It reports false if nobody reads any more.
func (p *pieces) write(add func(*bytes.Buffer) error) (more bool, err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.buffer.Reset()
	if err := add(&p.buffer); err != nil {
		return false, err
	}
	if p.ctx.Err() != nil {
		return false, nil
	}
	if _, err := p.w.Write(p.buffer.Bytes()); err != nil {
		return false, nil
	}
	p.flush()
	return p.ctx.Err() == nil, nil
}

func (p *pieces) flush() {
	if err := p.control.Flush(); errors.Is(err, http.ErrNotSupported) {
		p.cannotFlush(err)
	}
}
