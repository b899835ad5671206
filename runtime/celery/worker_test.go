package celery_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/bggen/bggen/runtime"
	"github.com/bggen/bggen/runtime/celery"
	"github.com/bggen/bggen/runtime/engine"
)

// result enqueues a call and reads its result.
func result[T any](t *testing.T, e *celery.Engine, c engine.Call) (T, error) {
	t.Helper()
	if err := e.Enqueue(t.Context(), []engine.Call{c}); err != nil {
		t.Fatal(err)
	}
	return celery.Result[T](deadline(t), e, runtime.ParseTaskID(c.ID))
}

func TestKeywordsArriveWhole(t *testing.T) {
	long := strings.Repeat("0123456789abcdé ", 1<<16) // more than 1 MB
	eachFleet(t, func(t *testing.T, f *fleet) {
		e := f.open(t)
		for name, args := range map[string]string{
			"none":         `{}`,
			"unicode":      `{"text":"žluťoučký 馬 🐎 \u0000 \"quoted\" </script>","ключ":"значение"}`,
			"large number": `{"most":18446744073709551615,"least":-9223372036854775808,"more":123456789012345678901234567890}`,
			"float":        `{"pi":3.141592653589793,"tiny":5e-324}`,
			"nested":       `{"order":{"lines":[{"sku":"a","n":1},{"sku":"b","n":null}],"paid":true}}`,
			"empty":        `{"list":[],"object":{},"text":"","nothing":null}`,
			"1 MB":         fmt.Sprintf(`{"long":%q}`, long),
		} {
			t.Run(name, func(t *testing.T) {
				got, err := result[json.RawMessage](t, e, newCall("test.echo", args))
				if err != nil {
					t.Fatal(err)
				}
				if !reflect.DeepEqual(numbers(t, got), numbers(t, []byte(args))) {
					t.Errorf("%.200s came back as %.200s", args, got)
				}
			})
		}
	})
}

// numbers parses text and leaves its numbers as they are written.
func numbers(t *testing.T, text []byte) (value any) {
	t.Helper()
	d := json.NewDecoder(strings.NewReader(string(text)))
	d.UseNumber()
	if err := d.Decode(&value); err != nil {
		t.Fatal(err)
	}
	return value
}

// request is what test.request returns.
type request struct {
	ID            string   `json:"id"`
	RootID        string   `json:"root_id"`
	CorrelationID string   `json:"correlation_id"`
	Queue         string   `json:"queue"`
	Origin        string   `json:"origin"`
	Retries       int      `json:"retries"`
	TimeLimit     []any    `json:"timelimit"`
	TraceParent   string   `json:"traceparent"`
	ETA           *string  `json:"eta"`
	Expires       *string  `json:"expires"`
	Time          *float64 `json:"time"`
}

func TestRequestOfTheWorker(t *testing.T) {
	eachFleet(t, func(t *testing.T, f *fleet) {
		e := f.open(t, celery.Expires(time.Hour))
		c := newCall("test.request", `{}`)
		c.Timeout = 90 * time.Second
		c.Meta = map[string]string{"traceparent": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", "id": "not mine"}
		before := time.Now()
		r, err := result[request](t, e, c)
		if err != nil {
			t.Fatal(err)
		}
		if r.ID != c.ID || r.RootID != c.ID || r.CorrelationID != c.ID {
			t.Errorf("the ids %s, %s and %s are not %s", r.ID, r.RootID, r.CorrelationID, c.ID)
		}
		if r.Queue != f.queue || !strings.HasPrefix(r.Origin, "bggen") || r.Retries != 0 || r.ETA != nil {
			t.Errorf("%+v", r)
		}
		if !reflect.DeepEqual(r.TimeLimit, []any{nil, 90.0}) {
			t.Errorf("the time limits are %v", r.TimeLimit)
		}
		if r.TraceParent != c.Meta["traceparent"] {
			t.Errorf("the trace is %q", r.TraceParent)
		}
		if r.Expires == nil || !near(t, *r.Expires, before.Add(time.Hour)) {
			t.Errorf("it expires at %v", r.Expires)
		}
	})
}

func near(t *testing.T, text string, want time.Time) bool {
	t.Helper()
	got, err := time.Parse(time.RFC3339Nano, text)
	if err != nil {
		t.Error(err)
	}
	return got.Sub(want).Abs() < 10*time.Second
}

func TestETA(t *testing.T) {
	eachFleet(t, func(t *testing.T, f *fleet) {
		t.Parallel() // it waits most of the time
		e := f.open(t)
		c := newCall("test.request", `{}`)
		c.At = time.Now().Add(2 * time.Second).In(time.FixedZone("", -7*3600))
		r, err := result[request](t, e, c)
		if err != nil {
			t.Fatal(err)
		}
		ran := time.UnixMicro(int64(*r.Time * 1e6))
		// How late it may be is the worker's business: seconds, with RabbitMQ.
		if late := ran.Sub(c.At); late < -time.Millisecond {
			t.Errorf("it ran %v before its time", -late)
		}
	})
}

func TestFailures(t *testing.T) {
	eachFleet(t, func(t *testing.T, f *fleet) {
		e := f.open(t)
		for _, test := range []struct{ name, args, kind, message, traceback string }{
			{"test.fail", `{"message":"kein Bild: 馬"}`, "ValueError", "kein Bild: 馬", "raise ValueError(message)"},
			{"test.out_of_stock", `{}`, "tasks.OutOfStock", "B-7, 3", "OutOfStock"},
			{"test.fail", `{"mesage":"misspelt"}`, "TypeError", "fail() got an unexpected keyword argument 'mesage'", "TypeError"},
			{"test.unknown", `{}`, "celery.exceptions.NotRegistered", "test.unknown", ""},
		} {
			c := newCall(test.name, test.args)
			_, err := result[any](t, e, c)
			failed, ok := errors.AsType[*celery.TaskError](err)
			if !ok {
				t.Errorf("%s: %v", test.name, err)
				continue
			}
			if failed.ID != c.ID || failed.Type != test.kind || !strings.Contains(failed.Message, test.message) {
				t.Errorf("%s: %v, and not %s: %s", test.name, err, test.kind, test.message)
			}
			if !strings.Contains(failed.Traceback, test.traceback) {
				t.Errorf("%s: the traceback is %q", test.name, failed.Traceback)
			}
			status, known, err := e.Status(t.Context(), c.ID)
			if err != nil || !known || status.State != engine.Failed || status.Err == nil {
				t.Errorf("%s: the status is %+v, %v, %v", test.name, status, known, err)
			}
		}
	})
}

func TestRetriesOfTheWorker(t *testing.T) {
	eachFleet(t, func(t *testing.T, f *fleet) {
		if n, err := result[int](t, f.open(t), newCall("test.flaky", `{}`)); err != nil || n != 2 {
			t.Errorf("after %d retries: %v", n, err)
		}
	})
}

func TestTimeout(t *testing.T) {
	eachFleet(t, func(t *testing.T, f *fleet) {
		c := newCall("test.slow", `{}`)
		c.Timeout = time.Second
		if text, err := result[string](t, f.open(t), c); err != nil || text != "interrupted" {
			t.Errorf("%q, %v", text, err)
		}
	})
}

func TestExpired(t *testing.T) {
	eachFleet(t, func(t *testing.T, f *fleet) {
		e := f.open(t, celery.Expires(time.Nanosecond))
		c := newCall("test.echo", `{}`)
		_, err := result[any](t, e, c)
		if failed, ok := errors.AsType[*celery.TaskError](err); !ok || failed.Type != "celery.exceptions.TaskRevokedError" {
			t.Errorf("%v", err)
		}
		if status, _, err := e.Status(t.Context(), c.ID); err != nil || status.State != engine.Cancelled {
			t.Errorf("%+v, %v", status, err)
		}
	})
}

// The order of a request is that of the queue, and a result can be read twice,
// by several, and before its task was enqueued.
func TestManyAtOnce(t *testing.T) {
	eachFleet(t, func(t *testing.T, f *fleet) {
		e := f.open(t)
		calls := make([]engine.Call, 20)
		for i := range calls {
			calls[i] = newCall("test.request", `{}`)
		}
		type ended struct {
			i   int
			at  float64
			err error
		}
		read := make(chan ended)
		for i, c := range calls {
			for range 2 {
				go func() {
					r, err := celery.Result[request](deadline(t), e, runtime.ParseTaskID(c.ID))
					if err != nil {
						read <- ended{i, 0, err}
						return
					}
					read <- ended{i, *r.Time, nil}
				}()
			}
		}
		if err := e.Enqueue(t.Context(), calls); err != nil {
			t.Fatal(err)
		}
		times := make([]float64, len(calls))
		for range 2 * len(calls) {
			r := <-read
			if r.err != nil {
				t.Error(r.err)
			}
			times[r.i] = r.at
		}
		for i := range times[1:] {
			if times[i] > times[i+1] {
				t.Errorf("task %d ran before task %d", i+1, i)
			}
		}
	})
}
