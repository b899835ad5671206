package river_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/bggen/bggen/runtime/engine"
	"github.com/bggen/bggen/runtime/river"
	upstream "github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riversqlite"
	"github.com/riverqueue/river/rivertype"
)

// TestStored looks at jobs as River's tools do.
func TestStored(t *testing.T) {
	path := sqliteFile(t)
	e, err := river.Config{Queues: map[string]int{"slow": 0}}.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	c, err := upstream.NewClient(riversqlite.New(openSQLite(t, path)), &upstream.Config{})
	if err != nil {
		t.Fatal(err)
	}
	calls := []engine.Call{
		{ID: "AAAAAAAAAAAAAAAAAAAAAAAAA2", Name: "example.com/shop.SendReceipt", Args: json.RawMessage(`{"order":42}`), Attempts: 1},
		{
			ID: "AAAAAAAAAAAAAAAAAAAAAAAAA3", Name: "pictures.shrink", Args: json.RawMessage(`{"key":"a\u0000b"}`), Attempts: 1 << 20,
			Queue: "slow", At: time.Now().Add(time.Hour), Timeout: time.Minute, Unique: "a",
		},
		{ID: "AAAAAAAAAAAAAAAAAAAAAAAAA4", Name: "soon", Args: json.RawMessage(`{}`), Attempts: 1, At: time.Now().Add(time.Second)},
	}
	if err := e.Enqueue(t.Context(), calls); err != nil {
		t.Fatal(err)
	}
	found, err := c.JobList(t.Context(), upstream.NewJobListParams())
	if err != nil || len(found.Jobs) != len(calls) {
		t.Fatalf("%d jobs, %v", len(found.Jobs), err)
	}
	for i, want := range []rivertype.JobRow{
		{
			Kind: "example.com/shop.SendReceipt", EncodedArgs: []byte(`{"order":42}`), Queue: "default", MaxAttempts: 1001,
			State: rivertype.JobStateAvailable, Metadata: []byte(`{"bggen_id":"AAAAAAAAAAAAAAAAAAAAAAAAA2"}`),
		},
		{
			Kind: "pictures.shrink", EncodedArgs: []byte(`{"bggen_json":"{\"key\":\"a\\u0000b\"}"}`), Queue: "slow", MaxAttempts: 32767,
			State:    rivertype.JobStateScheduled,
			Metadata: []byte(`{"bggen":{"timeout_ns":60000000000,"unique":"a"},"bggen_id":"AAAAAAAAAAAAAAAAAAAAAAAAA3"}`),
		},
		{
			Kind: "soon", EncodedArgs: []byte(`{}`), Queue: "default", MaxAttempts: 1001,
			State: rivertype.JobStateAvailable, Metadata: []byte(`{"bggen_id":"AAAAAAAAAAAAAAAAAAAAAAAAA4"}`),
		},
	} {
		job := found.Jobs[i]
		if job.Kind != want.Kind || string(job.EncodedArgs) != string(want.EncodedArgs) || job.Queue != want.Queue ||
			job.MaxAttempts != want.MaxAttempts || job.State != want.State ||
			!strings.HasPrefix(string(job.Metadata), strings.TrimSuffix(string(want.Metadata), "}")) { // River adds to it
			t.Errorf("got  %s %s %s %d %s %s\nwant %s %s %s %d %s %s",
				job.Kind, job.EncodedArgs, job.Queue, job.MaxAttempts, job.State, job.Metadata,
				want.Kind, want.EncodedArgs, want.Queue, want.MaxAttempts, want.State, want.Metadata)
		}
	}
}

// TestRefused has one call that cannot be stored keep all others from it.
func TestRefused(t *testing.T) {
	e, err := river.Open(sqliteFile(t))
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	good, queue, args := callNamed("some.task"), callNamed("some.task"), callNamed("some.task")
	queue.Queue = "Not a Queue"
	args.Args = json.RawMessage(`{`)
	for _, bad := range []engine.Call{queue, args} {
		if err := e.Enqueue(t.Context(), []engine.Call{good, bad}); err == nil {
			t.Errorf("%+v is stored", bad)
		}
	}
	if _, known, err := e.Status(t.Context(), good.ID); known || err != nil {
		t.Errorf("beside one that is refused, another is known: %t, %v", known, err)
	}
}
