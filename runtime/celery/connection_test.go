package celery_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/bggen/bggen/runtime"
	"github.com/bggen/bggen/runtime/celery"
	"github.com/bggen/bggen/runtime/engine"
	amqp "github.com/rabbitmq/amqp091-go"
)

func TestOpenFails(t *testing.T) {
	for _, test := range []struct{ url, results, want string }{
		{"redis://:s3cret@127.0.0.1:1/4", "", "celery: the broker redis://127.0.0.1:1/4: dial tcp 127.0.0.1:1: connect: connection refused"},
		{"amqp://ann:s3cret@127.0.0.1:1/shop", "", "celery: the broker amqp://127.0.0.1:1/shop: dial tcp 127.0.0.1:1: connect: connection refused"},
		{"amqp://ann:s3%cret@127.0.0.1:1/shop", "", "celery: the broker's URL: it cannot be read"},
		{"redis://:s3c/ret@127.0.0.1", "", "celery: the broker's URL: it cannot be read"},
		{"127.0.0.1:6379", "", "celery: the broker's URL: it cannot be read"},
		{"redis:///0", "", "celery: the broker's URL: it names no host"},
		{"sqs://s3cret@queue", "", "celery: a broker's URL begins with redis://, rediss://, amqp:// or amqps://, and not with sqs://"},
		{"amqp://127.0.0.1:1", "redis://:s3cret@127.0.0.1:1/5", "celery: the result backend redis://127.0.0.1:1/5: dial"},
		{"amqp://127.0.0.1:1", "db+sqlite:///s3cret", "celery: results are read from redis://, rediss:// or rpc://, and not from db+sqlite://"},
	} {
		var opts []celery.Option
		if test.results != "" {
			opts = append(opts, celery.Results(test.results))
		}
		e, err := celery.Open(test.url, opts...)
		if err == nil {
			e.Close()
			t.Errorf("%s was opened", test.url)
			continue
		}
		if !strings.HasPrefix(err.Error(), test.want) || strings.Contains(err.Error(), "s3c") || strings.Contains(err.Error(), "cret") {
			t.Errorf("%s:\ngot  %v\nwant %s", test.url, err, test.want)
		}
	}
}

func TestOpenFailsAtTheServer(t *testing.T) {
	needRedis(t)
	needRabbit(t)
	for _, test := range []struct{ url, results, want string }{
		{strings.Replace(redisURL, "redis://", "redis://ann:s3cret@", 1), "", "WRONGPASS"},
		{strings.Replace(rabbitURL, "guest:guest", "guest:s3cret", 1), "", "username or password not allowed"},
		{strings.TrimSuffix(rabbitURL, "/") + "nowhere", "", "vhost nowhere not found"},
		{redisURL, "rpc://", "from a RabbitMQ broker only"},
	} {
		var opts []celery.Option
		if test.results != "" {
			opts = append(opts, celery.Results(test.results))
		}
		e, err := celery.Open(test.url, opts...)
		if err == nil {
			e.Close()
			t.Errorf("%s was opened", test.url)
			continue
		}
		if !strings.Contains(err.Error(), test.want) || strings.Contains(err.Error(), "s3cret") {
			t.Errorf("%s: %v", test.url, err)
		}
	}
}

// eachBroker runs f with both, each behind a wire. count is how many messages
// a queue has; it is made if need be.
func eachBroker(t *testing.T, f func(t *testing.T, w *wire, url string, count func(queue string) int)) {
	t.Run("redis", func(t *testing.T) {
		client := needRedis(t)
		w, url := newWire(t, redisURL)
		f(t, w, url, func(queue string) int {
			n, err := client.LLen(context.Background(), queue).Result()
			if err != nil {
				t.Fatal(err)
			}
			return int(n)
		})
	})
	t.Run("rabbitmq", func(t *testing.T) {
		channel := needRabbit(t)
		w, url := newWire(t, rabbitURL)
		f(t, w, url, func(queue string) int {
			q, err := channel.QueueDeclare(queue, true, false, false, false, nil)
			if err != nil {
				t.Fatal(err)
			}
			return q.Messages
		})
	})
}

func TestLostConnection(t *testing.T) {
	eachBroker(t, func(t *testing.T, w *wire, url string, count func(string) int) {
		queue := newQueue(t)
		count(queue) // declares it
		e := open(t, url, celery.Queue(queue))
		enqueue := func() error { return e.Enqueue(t.Context(), []engine.Call{newCall("test.echo", `{}`)}) }
		if err := enqueue(); err != nil {
			t.Fatal(err)
		}
		before := w.connections()
		for i := range 3 {
			w.drop()
			if err := enqueue(); err != nil {
				t.Fatalf("after connection %d was lost: %v", i, err)
			}
		}
		if n := count(queue); n < 4 || n > 7 {
			t.Errorf("%d messages are stored", n)
		}
		if w.connections() < before+3 {
			t.Errorf("there were %d connections", w.connections())
		}
	})
}

func TestBrokerDownAndUp(t *testing.T) {
	eachBroker(t, func(t *testing.T, w *wire, url string, count func(string) int) {
		queue := newQueue(t)
		count(queue)
		var log bytes.Buffer
		e := open(t, url, celery.Queue(queue), celery.Logger(slog.New(slog.NewTextHandler(&log, nil))))
		call := newCall("test.echo", `{}`)
		w.cut()
		began := time.Now()
		err := e.Enqueue(t.Context(), []engine.Call{call})
		if err == nil || !strings.Contains(err.Error(), w.addr) || strings.Contains(err.Error(), "guest") {
			t.Errorf("with the broker down: %v", err)
		}
		if took := time.Since(began); took > 5*time.Second {
			t.Errorf("that took %v", took)
		}
		ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
		defer cancel()
		if err := e.Enqueue(ctx, []engine.Call{call}); !errors.Is(err, context.DeadlineExceeded) && !strings.Contains(fmt.Sprint(err), "refused") {
			t.Errorf("with little time: %v", err)
		}
		w.mend()
		for ctx := deadline(t); ; {
			if err = e.Enqueue(ctx, []engine.Call{call}); err == nil || ctx.Err() != nil {
				break
			}
		}
		if n := count(queue); err != nil || n != 1 {
			t.Errorf("with the broker up again: %v, %d messages", err, n)
		}
		e.Close()
		if text := log.String(); strings.HasPrefix(url, "amqp") && (!strings.Contains(text, "is lost") || !strings.Contains(text, "is back")) {
			t.Errorf("the log is %s", text)
		}
	})
}

// Enqueue does not return before the broker has answered.
func TestConfirm(t *testing.T) {
	eachBroker(t, func(t *testing.T, w *wire, url string, count func(string) int) {
		queue := newQueue(t)
		count(queue)
		e := open(t, url, celery.Queue(queue))
		calls := make([]engine.Call, 600) // more than a window
		for i := range calls {
			calls[i] = newCall("test.echo", `{}`)
		}
		if err := e.Enqueue(t.Context(), calls[:1]); err != nil { // opens all there is to open
			t.Fatal(err)
		}
		release := w.hold()
		ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
		defer cancel()
		if err := e.Enqueue(ctx, calls[:1]); err == nil || !strings.Contains(err.Error(), w.addr) {
			t.Errorf("without an answer: %v", err)
		}
		done := make(chan error)
		go func() { done <- e.Enqueue(t.Context(), calls) }()
		select {
		case err := <-done:
			t.Errorf("it has not waited: %v", err)
		case <-time.After(50 * time.Millisecond):
		}
		release()
		if err := <-done; err != nil {
			t.Error(err)
		}
		if n := count(queue); n < len(calls)+1 || n > len(calls)+3 {
			t.Errorf("%d messages are stored", n)
		}
	})
}

func TestRabbitRefuses(t *testing.T) {
	channel := needRabbit(t)
	queue, full := newQueue(t), newQueue(t)
	declare(t, channel, queue, nil)
	declare(t, channel, full, amqp.Table{"x-max-length": 1, "x-overflow": "reject-publish"})
	e := open(t, rabbitURL, celery.Queue(queue))
	to := func(queue string) engine.Call {
		c := newCall("test.echo", `{}`)
		c.Queue = queue
		return c
	}
	for range 3 { // the channel still works after each
		err := e.Enqueue(t.Context(), []engine.Call{to(""), to("bggen.test.nowhere"), to("")})
		if err == nil || !strings.Contains(err.Error(), `it has no queue "bggen.test.nowhere"`) {
			t.Errorf("without a queue: %v", err)
		}
		err = e.Enqueue(t.Context(), []engine.Call{to(full), to(full)})
		if err == nil || !strings.Contains(err.Error(), fmt.Sprintf("it has refused a message for the queue %q", full)) {
			t.Errorf("with a full queue: %v", err)
		}
		if err := e.Enqueue(t.Context(), []engine.Call{to(""), to("")}); err != nil {
			t.Error(err)
		}
	}
}

// A result that comes while the connection is down is not lost.
func TestResultAfterALostConnection(t *testing.T) {
	eachFleet(t, func(t *testing.T, f *fleet) {
		w, url := newWire(t, f.broker)
		backend := f.backend
		if backend == f.broker {
			backend = url
		}
		e := open(t, url, celery.Queue(f.queue), celery.Results(backend))
		c := newCall("test.pause", `{"seconds":0.3}`)
		if err := e.Enqueue(t.Context(), []engine.Call{c}); err != nil {
			t.Fatal(err)
		}
		read := make(chan error, 1)
		go func() {
			got, err := celery.Result[string](deadline(t), e, runtime.ParseTaskID(c.ID))
			if err == nil && got != "rested" {
				err = fmt.Errorf("it is %v", got)
			}
			read <- err
		}()
		w.drop()
		if err := <-read; err != nil {
			t.Error(err)
		}
	})
}
