package celery

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net"
	"os"
	"strconv"
	"testing"
	"time"
)

// What the API cannot show in a short time.

func TestWriteToNobody(t *testing.T) {
	client, server := net.Pipe()
	defer client.Close()
	defer server.Close()
	c := impatient{client, 10 * time.Millisecond}
	if _, err := c.Write([]byte("x")); !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("the write has returned %v", err)
	}
}

func TestRepliesAreBounded(t *testing.T) {
	r := newReplies(slog.Default())
	for i := range keptResults + 10 {
		r.keep(strconv.Itoa(i), &meta{Status: "STARTED"})
		r.keep(strconv.Itoa(i), &meta{Status: success, Result: json.RawMessage("12345")})
	}
	if len(r.kept) != keptResults || len(r.order) != keptResults || r.bytes != 5*keptResults {
		t.Errorf("%d results in order of %d, of %d bytes", len(r.kept), len(r.order), r.bytes)
	}
	big := json.RawMessage(bytes.Repeat([]byte("x"), keptBytes/4))
	for _, id := range []string{"a", "b", "c", "d", "e"} {
		r.keep(id, &meta{Status: success, Result: big})
	}
	if r.kept["a"] != nil || r.kept["b"] == nil || len(r.kept) != 4 || r.bytes != keptBytes {
		t.Errorf("%d results of %d bytes are kept", len(r.kept), r.bytes)
	}
}

func TestWaitersAreForgotten(t *testing.T) {
	r := newReplies(slog.Default())
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for range 2 {
		if _, err := r.wait(ctx, "id"); !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
	}
	if len(r.waiting) != 0 {
		t.Errorf("%d waiters are left", len(r.waiting))
	}
}

func TestExceptionText(t *testing.T) {
	for message, want := range map[string]string{
		`["one"]`: "one", `["B-7", 3, null]`: "B-7, 3, null", `[]`: "", `"text"`: "text", `[{"a": 1}]`: `{"a": 1}`,
	} {
		if got := exceptionText(json.RawMessage(message)); got != want {
			t.Errorf("%s is %q", message, got)
		}
	}
}
