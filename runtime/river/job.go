package river

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"time"

	"github.com/bggen/bggen/runtime/engine"
	upstream "github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"
)

// A call is stored as a job whose kind is the name of the task and whose
// arguments are those of the call, so that River's tools show them. What else
// there is of it is in the metadata of the job, which mostly is the id alone:
// PostgreSQL has an index over all of it.
type metadata struct {
	ID   string          `json:"bggen_id"`
	More json.RawMessage `json:"bggen,omitempty"` // a stored
}

// stored is what only some calls have.
type stored struct {
	Name    string            `json:"name,omitempty"` // unless it is the kind
	Timeout time.Duration     `json:"timeout_ns,omitempty"`
	Backoff time.Duration     `json:"backoff_ns,omitempty"`
	Unique  string            `json:"unique,omitempty"`
	Meta    map[string]string `json:"meta,omitempty"`
}

// margin is how many attempts River may make beyond those of the call: after
// crashes, and in processes that do not know the task. What the task itself
// reports as failed is counted here (see reported).
const margin = 1000

// mostAttempts is what River's column holds, a smallint in PostgreSQL.
const mostAttempts = 1<<15 - 1 - margin

// jobsOf is the jobs of calls. River refuses a batch with two jobs of one unique
// key, so the second one is dropped here.
func jobsOf(calls []engine.Call) ([]upstream.InsertManyParams, error) {
	type key struct{ name, queue, unique, once string }
	known := map[key]bool{}
	jobs := make([]upstream.InsertManyParams, 0, len(calls))
	for _, c := range calls {
		k := key{c.Name, c.Queue, c.Unique, ""}
		if c.Once != "" {
			k = key{once: c.Once}
		}
		if (c.Unique != "" || c.Once != "") && known[k] {
			continue
		}
		known[k] = true
		kind := kindOf(c.Name)
		text, err := metadataOf(c, kind)
		if err != nil {
			return nil, fmt.Errorf("task %s: %w", c.Name, err)
		}
		opts := &upstream.InsertOpts{MaxAttempts: margin + min(max(c.Attempts, 1), mostAttempts), Metadata: text, Queue: c.Queue, ScheduledAt: c.At}
		if c.Unique != "" {
			opts.UniqueOpts = upstream.UniqueOpts{ByQueue: true, ByState: waiting} // and see adjust
		}
		if c.Once != "" {
			opts.UniqueOpts = upstream.UniqueOpts{ByQueue: true, ByState: rivertype.JobStates()}
		}
		jobs = append(jobs, upstream.InsertManyParams{Args: jobArgs{kind: kind, text: c.Args, unique: c.Unique, once: c.Once}, InsertOpts: opts})
	}
	return jobs, nil
}

// metadataOf is the metadata of the job of a call.
func metadataOf(c engine.Call, kind string) ([]byte, error) {
	m := metadata{ID: c.ID}
	if kind != c.Name || c.Timeout != 0 || c.Backoff != 0 || c.Unique != "" || len(c.Meta) > 0 {
		more := stored{Timeout: c.Timeout, Backoff: c.Backoff, Unique: c.Unique, Meta: c.Meta}
		if kind != c.Name {
			more.Name = c.Name
		}
		text, err := json.Marshal(more)
		if err != nil {
			return nil, err
		}
		if m.More, err = wrap(text); err != nil {
			return nil, err
		}
	}
	return json.Marshal(m)
}

// callOf is the call that a job was made of.
func callOf(job *rivertype.JobRow, args json.RawMessage) (engine.Call, error) {
	var m metadata
	if err := json.Unmarshal(job.Metadata, &m); err != nil {
		return engine.Call{}, fmt.Errorf("the metadata of the job cannot be read: %w", err)
	}
	if m.ID == "" {
		return engine.Call{}, errors.New("the job was not stored by this engine")
	}
	c := engine.Call{ID: m.ID, Name: job.Kind, Args: args, At: job.ScheduledAt, Attempts: max(job.MaxAttempts-margin, 1), Queue: job.Queue}
	if m.More != nil {
		text, err := unwrap(m.More)
		var more stored
		if err == nil {
			err = json.Unmarshal(text, &more)
		}
		if err != nil {
			return engine.Call{}, fmt.Errorf("the metadata of the job cannot be read: %w", err)
		}
		c.Name, c.Timeout, c.Backoff, c.Unique, c.Meta = cmp.Or(more.Name, job.Kind), more.Timeout, more.Backoff, more.Unique, more.Meta
	}
	return c, nil
}

// waiting is the states of a job in which there is to be no second one of its
// unique key. River wants running to be one of them.
var waiting = []rivertype.JobState{
	rivertype.JobStateAvailable, rivertype.JobStatePending, rivertype.JobStateRetryable,
	rivertype.JobStateRunning, rivertype.JobStateScheduled,
}

// jobArgs is what River calls the arguments of a job: of any task.
type jobArgs struct {
	kind   string
	text   json.RawMessage
	unique string
	once   string

	again func() time.Time // of a job that runs: when it runs again, if it has failed
}

func (a jobArgs) Kind() string { return a.kind }

// wrapped is JSON as a text, for what a jsonb column refuses.
type wrapped struct {
	Text string `json:"bggen_json"`
}

func (a jobArgs) MarshalJSON() ([]byte, error) {
	return wrap(a.text)
}

func (a *jobArgs) UnmarshalJSON(text []byte) error {
	text, err := unwrap(text)
	a.text = bytes.Clone(text)
	return err
}

// wrap returns text, or what stands for it where a jsonb column refuses it.
func wrap(text []byte) ([]byte, error) {
	if isPlain(text) {
		return text, nil
	}
	return json.Marshal(wrapped{string(text)})
}

// unwrap returns the text that wrap was given.
func unwrap(text []byte) ([]byte, error) {
	if !bytes.HasPrefix(text, []byte(`{"bggen_json"`)) {
		return text, nil
	}
	var w wrapped
	err := json.Unmarshal(text, &w)
	return []byte(w.Text), err
}

// Hooks are called before a job is inserted, by whatever client.
func (jobArgs) Hooks() []rivertype.Hook { return hooks }

var hooks = []rivertype.Hook{upstream.HookInsertBeginFunc(adjust)}

// soon is the interval of River's scheduler, which makes jobs available that
// are due within the next one. What is due before the scheduler has looked once
// is available from the start: workers see to it that it is not too early.
const soon = 5 * time.Second

// adjust says what River's options cannot: the key, and what is due soon.
func adjust(_ context.Context, p *rivertype.JobInsertParams) error {
	a, ok := p.Args.(jobArgs)
	if !ok {
		return nil
	}
	switch {
	case a.once != "":
		p.UniqueKey = uniqueKey("once", a.once)
	case a.unique != "":
		p.UniqueKey = uniqueKey(a.kind, a.unique)
	}
	if p.State == rivertype.JobStateScheduled && time.Until(*p.ScheduledAt) < soon {
		p.State = rivertype.JobStateAvailable
	}
	return nil
}

func uniqueKey(parts ...string) []byte {
	key := sha256.Sum256([]byte("bggen\x00" + strings.Join(parts, "\x00")))
	return key[:]
}

// plainKind is what River takes for a kind.
var plainKind = regexp.MustCompile(`\A\w[\w\-\[\]<>/.·:+]{1,99}\z`)

// kindOf is the kind of the jobs of a task: its name, or one like it where River
// does not take that.
func kindOf(name string) string {
	if plainKind.MatchString(name) {
		return name
	}
	sum := sha256.Sum256([]byte(name))
	like := notInKind.ReplaceAllString(name, "-")
	if len(like) > 80 {
		like = like[len(like)-80:]
	}
	return "task:" + like + ":" + hex.EncodeToString(sum[:6])
}

var notInKind = regexp.MustCompile(`[^\w\-\[\]<>/.:+]`)

func quote(s string) string {
	text, _ := json.Marshal(s) // a string can be marshalled
	return string(text)
}
