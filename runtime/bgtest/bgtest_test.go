package bgtest_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/bggen/bggen/examples/notify/notify"
	"github.com/bggen/bggen/runtime"
	"github.com/bggen/bggen/runtime/adapter"
	"github.com/bggen/bggen/runtime/bgtest"
	"github.com/bggen/bggen/testdata/ok/limits"
)

const writeLog = "github.com/bggen/bggen/examples/notify/notify.WriteLog"

// inDir runs the test in a directory of its own: the tutorial writes log.txt.
func inDir(t *testing.T) string {
	dir := t.TempDir()
	t.Chdir(dir)
	return filepath.Join(dir, "log.txt")
}

func TestClient(t *testing.T) {
	log := inDir(t)
	var runner runtime.Runner
	mux := http.NewServeMux()
	notify.Register(mux, &runner)
	resp := bgtest.NewClient(t, &runner, mux).Post("/send-notification/ann@example.com?q=x", "", nil).Want(200)
	body, _ := io.ReadAll(resp.Body)
	if string(body) != `{"message":"Message sent"}` || resp.Text != string(body) {
		t.Errorf("the answer is %s, %s", body, resp.Text)
	}
	var message notify.Message
	if resp.JSON(&message); message.Message != "Message sent" {
		t.Errorf("the answer has %+v", message)
	}
	if text, err := os.ReadFile(log); string(text) != "found query: x\nmessage to ann@example.com\n" {
		t.Errorf("the log is %q, %v", text, err)
	}
}

// A client sends its header and JSON, and what a request has itself goes before.
func TestClientSends(t *testing.T) {
	var runner runtime.Runner
	client := bgtest.NewClient(t, &runner, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		fmt.Fprintf(w, "%s %s %q %q %s", r.Method, r.URL, r.Header["Authorization"], r.Header["Content-Type"], body)
	}))
	client.Header.Set("Authorization", "Bearer ann")
	other := httptest.NewRequest("GET", "/", nil)
	other.Header.Set("Authorization", "Bearer bob")
	for _, c := range []struct {
		got  *bgtest.Response
		want string
	}{
		{client.Send("PUT", "/a", map[string]int{"n": 1}), `PUT /a ["Bearer ann"] ["application/json"] {"n":1}`},
		{client.Send("PUT", "/a", "{"), `PUT /a ["Bearer ann"] ["application/json"] {`},
		{client.Send("DELETE", "/a", nil), `DELETE /a ["Bearer ann"] [] `},
		{client.Post("/a", "text/plain", strings.NewReader("x")), `POST /a ["Bearer ann"] ["text/plain"] x`},
		{client.Do(other), `GET / ["Bearer bob"] [] `},
	} {
		if c.got.Want(200).Text != c.want {
			t.Errorf("got %s, want %s", c.got.Text, c.want)
		}
	}
}

// A response that is another one fails the test, and says what was answered to what.
func TestResponseFails(t *testing.T) {
	var runner runtime.Runner
	mux := http.NewServeMux()
	limits.Register(mux, &runner)
	bgtest.NewClient(t, &runner, mux).Get("/list/x?limit=300&ratio=0.5&sort=asc&tag=a").
		Want(422).WantErrors("path shop minlen", "query limit type", "header X-Level missing")
	bgtest.NewClient(t, &runner, mux).Send("POST", "/maybe", "{").Want(400).WantErrors("body syntax")
	for _, c := range []struct {
		fails func(*bgtest.Response)
		want  string
	}{
		{func(r *bgtest.Response) { r.Want(200) }, `GET /list/x: got 422 {"title":`},
		{func(r *bgtest.Response) { r.WantErrors("path shop maxlen") }, `GET /list/x: got the errors ["path shop minlen" "query ratio missing"`},
		{func(r *bgtest.Response) { r.JSON(new(int)) }, "GET /list/x: json: cannot unmarshal object into Go value of type int in {"},
	} {
		failed := recorded{TB: t}
		c.fails(bgtest.NewClient(&failed, &runner, mux).Get("/list/x"))
		if !strings.HasPrefix(failed.errors, c.want) {
			t.Errorf("the error is %q, want %q", failed.errors, c.want)
		}
	}
}

func TestRecorder(t *testing.T) {
	log := inDir(t)
	recorder := bgtest.NewRecorder(t)
	mux := http.NewServeMux()
	notify.Register(mux, recorder.Runner())
	client := bgtest.NewClient(t, recorder.Runner(), mux)
	client.Post("/send-notification/ann@example.com?q=x", "", nil)
	recorder.Want(writeLog, writeLog)
	task := recorder.Tasks()[1]
	var args struct{ Line string }
	if err := task.Decode(&args); err != nil || args.Line != "message to ann@example.com" || task.Handler != "notify.SendNotification" {
		t.Errorf("%+v, %v", task, err)
	}
	if _, err := os.Stat(log); err == nil {
		t.Error("a task has run")
	}
	recorder.Run(t.Context())
	recorder.Want()
	if text, _ := os.ReadFile(log); strings.Count(string(text), "\n") != 2 {
		t.Errorf("the log is %q", text)
	}
	client.Post("/send-notification/", "", nil) // 404
	recorder.Want()
}

func TestAdded(t *testing.T) {
	bg := new(runtime.BackgroundTasks)
	if _, err := notify.SendNotification("ann@example.com", "", bg); err != nil {
		t.Fatal(err)
	}
	bg.Add(func(context.Context) error { return nil }, runtime.Named("closure"))
	added := bgtest.Added(bg)
	if len(added) != 2 || added[0].Name != writeLog || added[1].Name != "closure" || added[1].Args != nil {
		t.Errorf("%+v", added)
	}
}

// A failure counts in the last attempt only, and delays take no time in a
// bubble.
func TestFailures(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var failed recorded
		failed.TB = t
		runner := runtime.Runner{Logger: slog.New(slog.DiscardHandler)}
		calls := 0
		handler := adapter.NewWithTasks("test.handler", &runner, nil, func(x *adapter.Exchange) error {
			if err := x.Ready(); err != nil {
				return err
			}
			x.Tasks().Add(func(context.Context) error {
				calls++
				if calls < 3 {
					return errors.New("not yet")
				}
				return nil
			}, runtime.Attempts(3), runtime.Delay(time.Hour))
			if x.Request().URL.Path == "/fails" {
				x.Tasks().Add(func(context.Context) error { return errors.New("never") }, runtime.Named("broken"))
			}
			return adapter.NoContent(x, 204)
		})
		client := bgtest.NewClient(&failed, &runner, handler)
		if resp := client.Get("/"); resp.StatusCode != 204 || calls != 3 || failed.errors != "" {
			t.Errorf("%d, %d attempts, %s", resp.StatusCode, calls, failed.errors)
		}
		client.Get("/fails")
		if !strings.Contains(failed.errors, "background task broken of test.handler failed: never") {
			t.Errorf("the errors are %q", failed.errors)
		}
	})
}

// recorded is a test that notes its errors.
type recorded struct {
	testing.TB
	errors string
}

func (r *recorded) Errorf(format string, args ...any) { r.errors += fmt.Sprintf(format, args...) }
func (r *recorded) Fatalf(format string, args ...any) { r.Errorf(format, args...) }
