// Package plain has handlers in the style of net/http, with a collector beside.
package plain

import (
	"context"
	"errors"
	"io"
	"net/http"

	bggen "github.com/bggen/bggen/runtime"
)

// Ran gets a word from each task.
var Ran = make(chan string, 10)

func says(word string) func(context.Context) error {
	return func(context.Context) error { Ran <- word; return nil }
}

// Usual has the usual order.
func Usual(w http.ResponseWriter, r *http.Request, bg *bggen.BackgroundTasks) {
	bg.Add(says("usual " + r.PathValue("id")))
	io.WriteString(w, "usual")
}

// Fails has another order, and may fail.
func Fails(bg *bggen.BackgroundTasks, r *http.Request, w http.ResponseWriter) error {
	bg.Add(says("never"))
	if r.URL.Query().Has("fail") {
		return errors.New("failed")
	}
	bg.Clear()
	io.WriteString(w, "did not fail")
	return nil
}

type site struct{}

// Page is a method.
func (site) Page(w http.ResponseWriter, _ *http.Request, bg *bggen.BackgroundTasks) {
	bg.Add(says("page"))
}

// Site makes the constructor of Page reachable for the test.
func Site(runner *bggen.Runner) http.Handler { return sitePageHandler(runner, &site{}) }

// NotOne has a result that a handler does not have.
func NotOne(w http.ResponseWriter, _ *http.Request, bg *bggen.BackgroundTasks) int { return 0 }
