package celery_test

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"log/slog"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/bggen/bggen/runtime"
	"github.com/bggen/bggen/runtime/celery"
	"github.com/bggen/bggen/runtime/engine"
)

const wantBody = `[[],{"n":1},{"callbacks":null,"errbacks":null,"chain":null,"chord":null}]`

// sample is a call with all that a message can carry.
func sample() engine.Call {
	c := newCall("images.resize", `{"n":1}`)
	c.At = time.Date(2099, 2, 3, 4, 5, 6, 789012345, time.FixedZone("", 2*3600))
	c.Timeout = 1500 * time.Millisecond
	c.Meta = map[string]string{"traceparent": "00-1-2-3"}
	return c
}

func checkHeaders(t *testing.T, h map[string]any, id string) {
	t.Helper()
	if origin, _ := h["origin"].(string); !strings.Contains(origin, "@") {
		t.Errorf("the origin is %q", origin)
	}
	delete(h, "origin")
	want := map[string]any{
		"lang": "py", "task": "images.resize", "id": id, "root_id": id, "parent_id": nil, "group": nil,
		"retries": 0.0, "eta": "2099-02-03T02:05:06.789012+00:00", "expires": "2099-02-03T03:05:06.789012+00:00",
		"timelimit": []any{nil, 1.5}, "traceparent": "00-1-2-3",
	}
	if !reflect.DeepEqual(h, want) {
		t.Errorf("the headers are\n%v\nand not\n%v", h, want)
	}
}

func TestRedisEnvelope(t *testing.T) {
	client := needRedis(t)
	queue, other := newQueue(t), newQueue(t)
	e := open(t, redisURL, celery.Queue(queue), celery.Expires(time.Hour))
	first, second, third := sample(), newCall("second", `{}`), newCall("third", `{}`)
	third.Queue = other
	if err := e.Enqueue(t.Context(), []engine.Call{first, second, third}); err != nil {
		t.Fatal(err)
	}
	if n := client.LLen(t.Context(), other).Val(); n != 1 {
		t.Errorf("the other queue has %d", n)
	}
	var got map[string]any
	text := client.RPop(t.Context(), queue).Val() // the side that workers take from
	if err := json.Unmarshal([]byte(text), &got); err != nil {
		t.Fatal(err)
	}
	checkHeaders(t, got["headers"].(map[string]any), first.ID)
	body, err := base64.StdEncoding.DecodeString(got["body"].(string))
	if err != nil || string(body) != wantBody {
		t.Errorf("the body is %s, %v", body, err)
	}
	properties := got["properties"].(map[string]any)
	if tag, _ := properties["delivery_tag"].(string); len(tag) < 20 {
		t.Errorf("the delivery tag is %q", tag)
	}
	delete(properties, "delivery_tag")
	delete(got, "headers")
	delete(got, "body")
	want := map[string]any{
		"content-type": "application/json", "content-encoding": "utf-8",
		"properties": map[string]any{
			"correlation_id": first.ID, "reply_to": "", "delivery_mode": 2.0, "priority": 0.0, "body_encoding": "base64",
			"delivery_info": map[string]any{"exchange": "", "routing_key": queue},
		},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("the envelope is\n%v\nand not\n%v", got, want)
	}
}

func TestRabbitMessage(t *testing.T) {
	channel := needRabbit(t)
	queue := newQueue(t)
	declare(t, channel, queue, nil)
	e := open(t, rabbitURL, celery.Queue(queue), celery.Expires(time.Hour), celery.Results("rpc://"))
	call := sample()
	if err := e.Enqueue(t.Context(), []engine.Call{call}); err != nil {
		t.Fatal(err)
	}
	d, ok, err := channel.Get(queue, true)
	if err != nil || !ok {
		t.Fatal(ok, err)
	}
	h := map[string]any(d.Headers)
	if n, ok := h["retries"].(int32); ok {
		h["retries"] = float64(n)
	}
	checkHeaders(t, h, call.ID)
	if string(d.Body) != wantBody || d.ContentType != "application/json" || d.ContentEncoding != "utf-8" ||
		d.DeliveryMode != 2 || d.CorrelationId != call.ID || !strings.HasPrefix(d.ReplyTo, "bggen.replies.") || d.Exchange != "" {
		t.Errorf("the message is %+v", d)
	}
}

func TestRefused(t *testing.T) {
	client := needRedis(t)
	queue := newQueue(t)
	e := open(t, redisURL, celery.Queue(queue))
	good, unique, list := newCall("good", `{}`), newCall("unique", `{}`), newCall("list", `[1]`)
	unique.Unique = "key"
	for want, c := range map[string]engine.Call{
		"Celery knows no unique tasks":                    unique,
		"arguments of task list are not a JSON object":    list,
		"arguments of task nothing are not a JSON object": newCall("nothing", ``),
	} {
		if err := e.Enqueue(t.Context(), []engine.Call{good, c}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, and not: %s", err, want)
		}
	}
	if n := client.LLen(t.Context(), queue).Val(); n != 0 {
		t.Errorf("%d of them are stored", n)
	}
	if err := client.SAdd(t.Context(), queue, "not a list").Err(); err != nil {
		t.Fatal(err)
	}
	bad := good
	good.Queue = queue + ".other"
	t.Cleanup(func() { deleteQueue(good.Queue) })
	if err := e.Enqueue(t.Context(), []engine.Call{good, bad}); err == nil || !strings.Contains(err.Error(), "WRONGTYPE") {
		t.Errorf("with a queue that is none: %v", err)
	}
}

// Attempts are the worker's business, and a program is told so once.
func TestAttemptsAreReported(t *testing.T) {
	needRedis(t)
	var log strings.Builder
	e := open(t, redisURL, celery.Queue(newQueue(t)), celery.Logger(slog.New(slog.NewTextHandler(&log, nil))))
	c := newCall("images.resize", `{}`)
	c.Attempts = 3
	for range 3 {
		if err := e.Enqueue(t.Context(), []engine.Call{c, newCall("images.check", `{}`)}); err != nil {
			t.Fatal(err)
		}
	}
	if text := log.String(); strings.Count(text, "Attempts") != 1 || !strings.Contains(text, "task=images.resize") {
		t.Errorf("the log is %s", text)
	}
}

func TestResultOfNothing(t *testing.T) {
	needRedis(t)
	needRabbit(t)
	id := runtime.ParseTaskID("NOSUCHTASK")
	for name, e := range map[string]*celery.Engine{
		"redis": open(t, redisURL), "rpc": open(t, rabbitURL, celery.Results("rpc://")),
	} {
		ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
		defer cancel()
		_, err := celery.Result[int](ctx, e, id)
		if !errors.Is(err, context.DeadlineExceeded) || !strings.Contains(err.Error(), "no result of task NOSUCHTASK") {
			t.Errorf("%s: %v", name, err)
		}
		if _, known, err := e.Status(t.Context(), id.String()); known || err != nil {
			t.Errorf("%s: known %v, %v", name, known, err)
		}
	}
	for _, e := range []*celery.Engine{open(t, rabbitURL), open(t, redisURL, celery.Results(""))} {
		if _, err := celery.Result[int](t.Context(), e, id); err == nil || !strings.Contains(err.Error(), "option Results") {
			t.Errorf("without a backend: %v", err)
		}
	}
}
