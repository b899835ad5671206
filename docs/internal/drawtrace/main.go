// Command drawtrace draws the picture of the documentation: what becomes of a request to
// the example conduit, whose tasks run in another process. In the directory docs:
//
//	go run ./internal/drawtrace trace.svg
package main

import (
	"bytes"
	"cmp"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

func main() {
	if len(os.Args) != 2 {
		log.Fatal("usage: drawtrace FILE")
	}
	dir, err := os.MkdirTemp("", "drawtrace")
	check(err)
	defer os.RemoveAll(dir)
	conduit := filepath.Join(dir, "conduit")
	build := exec.Command("go", "build", "-C", "../examples/conduit", "-o", conduit, ".")
	build.Stderr = os.Stderr
	check(build.Run())

	c := new(collector)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	check(err)
	go http.Serve(listener, c)
	start := func(args ...string) (stop func()) {
		process := exec.Command(conduit, append(args, "-db", filepath.Join(dir, "conduit.db"))...)
		process.Env = append(os.Environ(), "OTEL_EXPORTER_OTLP_ENDPOINT=http://"+listener.Addr().String(), "OTEL_BSP_SCHEDULE_DELAY=100")
		process.Stdout, process.Stderr = os.Stderr, os.Stderr
		check(process.Start())
		return func() {
			process.Process.Signal(os.Interrupt)
			check(process.Wait())
		}
	}
	addr := freeAddress()
	stopWeb := start("-role", "web", "-addr", addr)
	stopWorker := start("-role", "worker")
	publish("http://" + addr + "/api")

	eventually("a mail is refused for the third time", func() bool {
		refused := 0
		for _, s := range c.trace() {
			if s.failed() {
				refused++
			}
		}
		return refused >= 3
	})
	stopWorker()
	stopWeb()
	check(os.WriteFile(os.Args[1], draw(c.trace()), 0o644))
}

// traceID is that of the request in the picture.
const traceID = "0af7651916cd43dd8448eb211c80319c"

// publish has an author publish an article, which two people want to read. The mail to
// one of them is refused.
func publish(api string) {
	tokens := map[string]string{}
	for name, domain := range map[string]string{"ann": "example.com", "bob": "example.com", "cleo": "example.invalid"} {
		var answer struct{ User struct{ Token string } }
		body := fmt.Sprintf(`{"user": {"username": %q, "email": "%s@%s", "password": "correct horse"}}`, name, name, domain)
		eventually("the service answers", func() bool {
			text, err := send("POST", api+"/users", "", "", body)
			return err == nil && json.Unmarshal(text, &answer) == nil
		})
		tokens[name] = answer.User.Token
	}
	for _, name := range []string{"bob", "cleo"} {
		_, err := send("POST", api+"/profiles/ann/follow", tokens[name], "", "")
		check(err)
	}
	_, err := send("POST", api+"/articles", tokens["ann"], "00-"+traceID+"-b7ad6b7169203331-01",
		`{"article": {"title": "How to train your dragon", "description": "Ever wonder how?", "body": "Believe"}}`)
	check(err)
}

func send(method, url, token, traceparent, body string) ([]byte, error) {
	r, err := http.NewRequest(method, url, strings.NewReader(body))
	if err != nil {
		return nil, err
	}
	r.Header.Set("Content-Type", "application/json")
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	r.Header.Set("Traceparent", traceparent)
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err == nil && answer.StatusCode >= 300 {
		err = fmt.Errorf("%s %s: %s %s", method, url, answer.Status, text)
	}
	return text, err
}

// trace is what was collected of the request in the picture, in the order in which it
// began.
func (c *collector) trace() []span {
	id, err := hex.DecodeString(traceID)
	check(err)
	c.mu.Lock()
	defer c.mu.Unlock()
	trace := slices.DeleteFunc(slices.Clone(c.spans), func(s span) bool { return !bytes.Equal(s.TraceId, id) })
	slices.SortFunc(trace, func(a, b span) int { return cmp.Compare(a.StartTimeUnixNano, b.StartTimeUnixNano) })
	return trace
}

func freeAddress() string {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	check(err)
	defer listener.Close()
	return listener.Addr().String()
}

// eventually waits until ok is true.
func eventually(what string, ok func() bool) {
	for deadline := time.Now().Add(time.Minute); !ok(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			log.Fatal("a minute has gone by, and not: ", what)
		}
	}
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
