// Package streams answers with values that come one after the other.
package streams

import (
	"context"
	"errors"
	"iter"

	"github.com/bggen/bggen/runtime"
)

// Item is one of the values.
type Item struct {
	N int `json:"n"`
}

// App is where values come from.
//
//bggen:app
type App struct {
	Items chan Item
}

// Lines sends items until there are no more.
//
//bggen:route GET /lines
func (a *App) Lines(ctx context.Context, bg *runtime.BackgroundTasks) iter.Seq[Item] {
	EnqueueNote(bg, "lines")
	return a.each(ctx)
}

// Note is a task.
//
//bggen:task
func Note(text string) error { noted <- text; return nil }

var noted = make(chan string, 10)

// Noted is what the task is given.
func Noted() string { return <-noted }

// Fails sends one item, and fails.
//
//bggen:route GET /fails status=203
func Fails() iter.Seq2[Item, error] {
	return func(yield func(Item, error) bool) {
		_ = yield(Item{1}, nil) && yield(Item{}, errors.New("no more"))
	}
}

// Events sends items as events.
//
//bggen:route GET /events stream=sse
//bggen:param last header=Last-Event-ID default=""
func (a *App) Events(ctx context.Context, last string) (iter.Seq2[runtime.Event[Item], error], error) {
	if last == "bad" {
		return nil, &runtime.Problem{Status: 409}
	}
	return func(yield func(runtime.Event[Item], error) bool) {
		for item := range a.each(ctx) {
			if !yield(runtime.Event[Item]{ID: last, Name: "item", Retry: 1500e6, Comment: "c", Data: item}, nil) {
				return
			}
		}
	}, nil
}

// Texts sends text as events, with a header.
//
//bggen:route GET /texts stream=sse
func Texts() runtime.Response[iter.Seq[string]] {
	return runtime.Response[iter.Seq[string]]{Body: func(yield func(string) bool) {
		_ = yield("a\nb") && yield("")
	}}
}

// Nothing has no sequence.
//
//bggen:route GET /nothing
func Nothing() iter.Seq[int] { return nil }

func (a *App) each(ctx context.Context) iter.Seq[Item] {
	return func(yield func(Item) bool) {
		for {
			select {
			case <-ctx.Done():
				return
			case item, ok := <-a.Items:
				if !ok || !yield(item) {
					return
				}
			}
		}
	}
}
