package celery_test

import (
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/bggen/bggen/runtime"
	"github.com/bggen/bggen/runtime/celery"
	"github.com/bggen/bggen/runtime/celery/internal/pictures"
	"github.com/bggen/bggen/runtime/engine"
)

// serve serves the example, as a program would.
func serve(t *testing.T, e *celery.Engine) (*runtime.Runner, string) {
	t.Helper()
	runner := &runtime.Runner{
		Engines: map[string]engine.Engine{"celery": e},
		Logger:  slog.New(slog.DiscardHandler),
	}
	mux := http.NewServeMux()
	pictures.Register(mux, runner, &pictures.App{Fleet: e})
	server := httptest.NewUnstartedServer(mux)
	runner.Attach(server.Config)
	server.Start()
	t.Cleanup(server.Close)
	return runner, server.URL
}

// ask makes a request and checks the status of its answer.
func ask(t *testing.T, method, url, body string, status int) (string, http.Header) {
	t.Helper()
	request, err := http.NewRequestWithContext(deadline(t), method, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/json")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(response.Body)
	if err != nil || response.StatusCode != status {
		t.Fatalf("%s %s: %s %s, %v", method, url, response.Status, answer, err)
	}
	return string(answer), response.Header
}

func TestGeneratedCode(t *testing.T) {
	eachFleet(t, func(t *testing.T, f *fleet) {
		runner, url := serve(t, f.open(t))
		for sizes, want := range map[string]string{
			`[64,128]`: `["馬.png@64","馬.png@128"]`,
			`[]`:       `[]`,
		} {
			answer, _ := ask(t, "POST", url+"/pictures/馬.png", sizes, 202)
			var tasks pictures.Accepted
			if err := json.Unmarshal([]byte(answer), &tasks); err != nil {
				t.Fatal(err)
			}
			if got, _ := ask(t, "GET", url+"/resized/"+tasks.Resized.String(), "", 200); strings.TrimSpace(got) != want {
				t.Errorf("%s: the worker has made %s", sizes, got)
			}
			if got, _ := ask(t, "GET", url+"/resized/"+tasks.Checked.String(), "", 502); !strings.Contains(got, "ValueError: 馬.png") {
				t.Errorf("the check has answered %s", got)
			}
			if status, known := runner.Status(tasks.Resized); !known || status.State != engine.Done {
				t.Errorf("the runner knows %+v, %v", status, known)
			}
			if status, known := runner.Status(tasks.Checked); !known || status.State != engine.Failed {
				t.Errorf("the runner knows %+v, %v", status, known)
			}
			if runner.Cancel(tasks.Resized) {
				t.Error("a task of Celery was cancelled")
			}
		}
		var id runtime.TaskID
		err := runner.Do(t.Context(), func(b *runtime.BackgroundTasks) error {
			id = pictures.EnqueueResize(b, "a.png", nil) // null would fail there
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		if got, _ := ask(t, "GET", url+"/resized/"+id.String(), "", 200); strings.TrimSpace(got) != "[]" {
			t.Errorf("of a nil slice the worker has made %s", got)
		}
	})
}

// With the broker down, the client is asked to come again.
func TestGeneratedCodeWithoutBroker(t *testing.T) {
	eachBroker(t, func(t *testing.T, w *wire, url string, count func(string) int) {
		_, server := serve(t, open(t, url, celery.Queue(newQueue(t))))
		w.cut()
		answer, header := ask(t, "POST", server+"/pictures/a.png", `[1]`, 503)
		if header.Get("Retry-After") == "" || strings.Contains(answer, w.addr) {
			t.Errorf("%v %s", header, answer)
		}
	})
}
