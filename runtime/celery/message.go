package celery

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"time"

	"github.com/bggen/bggen/runtime/engine"
)

// A message is a task in Celery's message protocol 2
// (https://docs.celeryq.dev/en/stable/internals/protocol.html), as both brokers
// carry it.
type message struct {
	id      string // the task's, and the correlation id
	queue   string
	replyTo string
	headers map[string]any
	body    []byte
}

const (
	contentType     = "application/json"
	contentEncoding = "utf-8"
	persistent      = 2 // the delivery mode
)

// isoTime is ISO 8601 in microseconds and with an offset, as Python writes it.
const isoTime = "2006-01-02T15:04:05.000000-07:00"

func (e *Engine) message(c engine.Call, now time.Time) (message, error) {
	if c.Unique != "" {
		return message{}, fmt.Errorf("celery: task %s has the unique key %q, and Celery knows no unique tasks", c.Name, c.Unique)
	}
	if args := bytes.TrimSpace(c.Args); len(args) == 0 || args[0] != '{' {
		return message{}, fmt.Errorf("celery: the arguments of task %s are not a JSON object", c.Name)
	}
	if c.Attempts > 1 || c.Backoff > 0 {
		e.warnOnce(c.Name)
	}
	queue := c.Queue
	if queue == "" {
		queue = e.queue
	}
	return message{c.ID, queue, e.replyTo, e.headers(c, now), body(c.Args)}, nil
}

// headers are those of the protocol, and with them the metadata of the call:
// a worker finds it in self.request, and OpenTelemetry's instrumentation of
// Celery finds its trace.
func (e *Engine) headers(c engine.Call, now time.Time) map[string]any {
	h := make(map[string]any, 11+len(c.Meta))
	for key, value := range c.Meta {
		h[key] = value
	}
	maps.Copy(h, map[string]any{
		"lang":      "py",
		"task":      c.Name,
		"id":        c.ID,
		"root_id":   c.ID,
		"parent_id": nil,
		"group":     nil,
		"retries":   0,
		"origin":    e.origin,
	})
	start := now
	if !c.At.IsZero() {
		h["eta"] = c.At.UTC().Format(isoTime)
		if c.At.After(now) {
			start = c.At
		}
	}
	if e.expires > 0 {
		h["expires"] = start.Add(e.expires).UTC().Format(isoTime)
	}
	if c.Timeout > 0 {
		// Hard and soft. The soft one is an exception in the task, which may
		// clean up; the hard one, which kills its process, stays the worker's.
		h["timelimit"] = []any{nil, c.Timeout.Seconds()}
	}
	return h
}

// body is positional arguments, keyword arguments and what belongs to
// workflows. Keywords are copied as they are: nothing happens to large
// integers.
func body(kwargs json.RawMessage) []byte {
	const before, after = `[[],`, `,{"callbacks":null,"errbacks":null,"chain":null,"chord":null}]`
	b := make([]byte, 0, len(before)+len(kwargs)+len(after))
	b = append(b, before...)
	b = append(b, kwargs...)
	return append(b, after...)
}
