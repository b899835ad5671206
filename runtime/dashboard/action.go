package dashboard

import (
	"fmt"
	"net/http"
	"strings"

	"github.com/bggen/bggen/runtime"
	"github.com/bggen/bggen/runtime/engine"
)

// action is a handler that does something to the task whose id is in the form,
// where that is allowed. do returns the status of the answer and its text.
func (d *dashboard) action(do func(id string) (int, string)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if !d.actions {
			http.Error(w, "this page only shows: dashboard.Actions() is not among its options", http.StatusForbidden)
			return
		}
		if err := d.foreign.Check(r); err != nil {
			http.Error(w, err.Error(), http.StatusForbidden)
			return
		}
		r.Body = http.MaxBytesReader(w, r.Body, 4<<10)
		id := r.PostFormValue("id")
		if id == "" {
			http.Error(w, "the form has no id", http.StatusBadRequest)
			return
		}
		status, text := do(id)
		if status == http.StatusOK && strings.Contains(r.Header.Get("Accept"), "text/html") {
			w.Header().Set("Location", "./") // a browser without scripts: back to the page
			w.WriteHeader(http.StatusSeeOther)
			return
		}
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		w.WriteHeader(status)
		fmt.Fprintln(w, text)
	}
}

// retry runs a failed task again, as a task of its own.
func (d *dashboard) retry(id string) (int, string) {
	f, known := d.failed.take(id)
	switch {
	case !known:
		if ok, err := d.again(id); err != nil {
			return http.StatusBadGateway, fmt.Sprintf("The engine could not: %v", err)
		} else if ok {
			return http.StatusOK, "The task runs again."
		}
		return http.StatusNotFound, "That failure is not among the last ones any more."
	case f.Again:
		return http.StatusConflict, fmt.Sprintf("%s was run again before.", shortName(f.Name))
	case f.again == nil:
		return http.StatusConflict, fmt.Sprintf("%s cannot be run again from here: an engine has it.", shortName(f.Name))
	}
	f.again()
	return http.StatusOK, fmt.Sprintf("%s runs again.", shortName(f.Name))
}

// cancel keeps a task from running, or ends its context.
func (d *dashboard) cancel(id string) (int, string) {
	task := runtime.ParseTaskID(id)
	status, _ := d.runner.Status(task)
	name := "The task"
	if status.Name != "" {
		name = shortName(status.Name)
	}
	if !d.runner.Cancel(task) {
		return http.StatusConflict, name + " cannot be cancelled: it has ended, or its engine cannot."
	}
	if status.State == engine.Running {
		return http.StatusOK, name + " was told to end."
	}
	return http.StatusOK, name + " is cancelled."
}
