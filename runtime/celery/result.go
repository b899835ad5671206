package celery

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/bggen/bggen/runtime"
	"github.com/bggen/bggen/runtime/engine"
)

// Result waits until a task has ended, and returns what it has returned. A task
// that has failed, was revoked or has expired is a *[TaskError]; where a worker
// makes another attempt, it waits for that. Workers delete results after a day
// (result_expires), and Celery does not know which ids exist: for one that does
// not, or whose task ignores its result, Result waits until ctx ends.
func Result[T any](ctx context.Context, e *Engine, id runtime.TaskID) (T, error) {
	var value T
	if e.results == nil {
		return value, errors.New("celery: the engine reads no results: open it with the option Results")
	}
	m, err := e.results.wait(ctx, id.String())
	if err != nil {
		return value, fmt.Errorf("celery: no result of task %s: %w", id, err)
	}
	if m.Status != success {
		return value, m.failure(id.String())
	}
	if err := json.Unmarshal(m.Result, &value); err != nil {
		return value, fmt.Errorf("celery: the result of task %s is not a %T: %w", id, value, err)
	}
	return value, nil
}

// A TaskError is an exception that has ended a task in its worker.
type TaskError struct {
	ID        string // of the task
	Type      string // of the exception: ValueError, or shop.errors.OutOfStock
	Message   string
	Traceback string // Python's, many lines; it may be ""
}

func (e *TaskError) Error() string {
	text := "celery: task " + e.ID + " has failed: " + e.Type
	if e.Message != "" {
		text += ": " + e.Message
	}
	return text
}

// Celery's states of a task. A worker may write others: they are of a task that
// runs.
const (
	success  = "SUCCESS"
	failure  = "FAILURE"
	revoked  = "REVOKED"
	pending  = "PENDING"
	received = "RECEIVED"
	retry    = "RETRY"
)

// A meta is what a worker writes of a task.
type meta struct {
	ID        string          `json:"task_id"`
	Status    string          `json:"status"`
	Result    json.RawMessage `json:"result"`
	Traceback string          `json:"traceback"`

	// With result_extended.
	Name    string `json:"name"`
	Retries int    `json:"retries"`
}

func parseMeta(text []byte) (*meta, error) {
	m := new(meta)
	if err := json.Unmarshal(text, m); err != nil {
		return nil, fmt.Errorf("the workers leave results that are not JSON: set their result_serializer: %w", err)
	}
	return m, nil
}

// ended reports whether the task has, for good.
func (m *meta) ended() bool {
	return m.Status == success || m.Status == failure || m.Status == revoked
}

// failure is the exception, as the JSON serializer of Celery writes it.
func (m *meta) failure(id string) error {
	var x struct {
		Type    string          `json:"exc_type"`
		Module  string          `json:"exc_module"`
		Message json.RawMessage `json:"exc_message"`
	}
	if err := json.Unmarshal(m.Result, &x); err != nil || x.Type == "" {
		return &TaskError{ID: id, Type: m.Status, Message: string(m.Result), Traceback: m.Traceback}
	}
	if x.Module != "" && x.Module != "builtins" {
		x.Type = x.Module + "." + x.Type
	}
	return &TaskError{id, x.Type, exceptionText(x.Message), m.Traceback}
}

// exceptionText is the message of an exception: a text, or its arguments.
func exceptionText(message json.RawMessage) string {
	var args []json.RawMessage
	if json.Unmarshal(message, &args) != nil {
		args = []json.RawMessage{message}
	}
	parts := make([]string, len(args))
	for i, arg := range args {
		var text *string
		if parts[i] = string(arg); json.Unmarshal(arg, &text) == nil && text != nil {
			parts[i] = *text
		}
	}
	return strings.Join(parts, ", ")
}

func (m *meta) taskStatus(id string) engine.Status {
	s := engine.Status{Name: m.Name, State: engine.Running}
	if m.Name != "" {
		s.Attempt = m.Retries + 1
	}
	switch m.Status {
	case success:
		s.State = engine.Done
	case failure:
		s.State, s.Err = engine.Failed, m.failure(id)
	case revoked:
		s.State, s.Err = engine.Cancelled, m.failure(id)
	case pending, received, retry:
		s.State = engine.Queued
	}
	return s
}
