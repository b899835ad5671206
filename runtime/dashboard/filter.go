package dashboard

import (
	"encoding/base64"
	"encoding/json"
	"net/url"
	"slices"
	"strings"

	"github.com/bggen/bggen/runtime/engine"
)

// mostRows is how many tasks a page lists.
const mostRows = 50

// A filter is what the address of a list says.
type filter struct {
	Stage  engine.Stage `json:"stage"`
	Name   string       `json:"name,omitempty"`
	Queue  string       `json:"queue,omitempty"`
	Engine string       `json:"engine,omitempty"` // "": all
	Text   string       `json:"text,omitempty"`
	After  string       `json:"after,omitempty"`
}

// filterOf reads a query. A stage that is none is the one of what runs.
func filterOf(q url.Values) filter {
	f := filter{Stage: engine.Stage(q.Get("stage")), Name: q.Get("name"), Queue: q.Get("queue"), Engine: q.Get("engine"), After: q.Get("after")}
	f.Text = strings.TrimSpace(clip(q.Get("text"), 200))
	if !slices.Contains(engine.Stages, f.Stage) {
		f.Stage = engine.StageRunning
	}
	return f
}

// query is the query that says f.
func (f filter) query() string {
	q := url.Values{}
	for name, value := range map[string]string{"stage": string(f.Stage), "name": f.Name, "queue": f.Queue, "engine": f.Engine, "text": f.Text, "after": f.After} {
		if value != "" {
			q.Set(name, value)
		}
	}
	return q.Encode()
}

// List is the address of the list of f.
func (f filter) List() string { return "list?" + f.query() }

// JSON is the address of the same as JSON.
func (f filter) JSON() string { return "list.json?" + f.query() }

// At is the address of another stage, with the same filter.
func (f filter) At(stage engine.Stage) string {
	f.Stage, f.After = stage, ""
	return f.List()
}

// Page is the address of another page, "" being the first one.
func (f filter) Page(after string) string {
	f.After = after
	return f.List()
}

// Bulk is the address of the question whether all are meant.
func (f filter) Bulk(do engine.Action) string {
	f.After = ""
	return "bulk?do=" + string(do) + "&" + f.query()
}

// Any reports whether something is left out.
func (f filter) Any() bool { return f.Name != "" || f.Queue != "" || f.Engine != "" || f.Text != "" }

// Clear is the address of the list without a filter.
func (f filter) Clear() string { return filter{Stage: f.Stage}.List() }

// of is f for one source, which begins its page at a cursor.
func (f filter) of(after string) engine.Filter {
	return engine.Filter{Stage: f.Stage, Name: f.Name, Queue: f.Queue, Text: f.Text, After: after, Most: mostRows}
}

// A cursor is where the next page of each source begins. A source that is not in it has
// no more. nil: the first page of all.
type cursor map[string]string

func cursorOf(text string) (c cursor) {
	if b, err := base64.RawURLEncoding.DecodeString(text); err == nil {
		json.Unmarshal(b, &c) // what is not one is the first page
	}
	return c
}

func (c cursor) String() string {
	if len(c) == 0 {
		return ""
	}
	text, _ := json.Marshal(map[string]string(c)) // strings can be marshalled
	return base64.RawURLEncoding.EncodeToString(text)
}
