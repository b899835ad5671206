package celery_test

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/bggen/bggen/runtime/celery"
	"github.com/bggen/bggen/runtime/engine"
	amqp "github.com/rabbitmq/amqp091-go"
	"github.com/redis/go-redis/v9"
)

// BenchmarkEnqueue is Enqueue beside the same messages made and sent by hand
// with the client. They take turns, so that the machine is as busy for one as
// for the other; the ratio is that of the medians.
func BenchmarkEnqueue(b *testing.B) {
	for _, n := range []int{1, 10} {
		b.Run(fmt.Sprintf("redis/%d", n), func(b *testing.B) {
			client, queue := needRedis(b), newQueue(b)
			e := open(b, redisURL, celery.Queue(queue))
			compare(b, e, n, func(ids []string) error { return pushByHand(client, queue, ids) })
		})
		b.Run(fmt.Sprintf("rabbitmq/%d", n), func(b *testing.B) {
			channel, queue := needRabbit(b), newQueue(b)
			declare(b, channel, queue, amqp.Table{"x-max-length": 1000})
			if err := channel.Confirm(false); err != nil {
				b.Fatal(err)
			}
			e := open(b, rabbitURL, celery.Queue(queue))
			compare(b, e, n, func(ids []string) error { return publishByHand(channel, queue, ids) })
		})
	}
}

const benchArgs = `{"image_key":"shop/42/front.png","sizes":[64,128,256]}`

func compare(b *testing.B, e *celery.Engine, n int, byHand func(ids []string) error) {
	var ours, theirs []time.Duration
	calls, ids := make([]engine.Call, n), make([]string, n)
	for b.Loop() {
		for i := range calls {
			calls[i], ids[i] = newCall("images.resize", benchArgs), rand.Text()
		}
		began := time.Now()
		if err := e.Enqueue(context.Background(), calls); err != nil {
			b.Fatal(err)
		}
		middle := time.Now()
		if err := byHand(ids); err != nil {
			b.Fatal(err)
		}
		ours, theirs = append(ours, middle.Sub(began)), append(theirs, time.Since(middle))
	}
	slices.Sort(ours)
	slices.Sort(theirs)
	m, h := ours[len(ours)/2], theirs[len(theirs)/2]
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(float64(m.Nanoseconds()), "ns/engine")
	b.ReportMetric(float64(h.Nanoseconds()), "ns/by-hand")
	b.ReportMetric(float64(m)/float64(h), "ratio")
}

func handHeaders(id string) map[string]any {
	return map[string]any{
		"lang": "py", "task": "images.resize", "id": id, "root_id": id, "parent_id": nil, "group": nil,
		"retries": 0, "origin": "bench@localhost",
	}
}

func handBody() ([]byte, error) {
	return json.Marshal([]any{[]any{}, json.RawMessage(benchArgs), map[string]any{
		"callbacks": nil, "errbacks": nil, "chain": nil, "chord": nil,
	}})
}

type handEnvelope struct {
	Body       []byte         `json:"body"`
	Encoding   string         `json:"content-encoding"`
	Type       string         `json:"content-type"`
	Headers    map[string]any `json:"headers"`
	Properties struct {
		CorrelationID string `json:"correlation_id"`
		ReplyTo       string `json:"reply_to"`
		DeliveryMode  int    `json:"delivery_mode"`
		DeliveryInfo  struct {
			Exchange   string `json:"exchange"`
			RoutingKey string `json:"routing_key"`
		} `json:"delivery_info"`
		Priority     int    `json:"priority"`
		BodyEncoding string `json:"body_encoding"`
		DeliveryTag  string `json:"delivery_tag"`
	} `json:"properties"`
}

func pushByHand(client *redis.Client, queue string, ids []string) error {
	messages := make([]any, len(ids))
	for i, id := range ids {
		body, err := handBody()
		if err != nil {
			return err
		}
		m := handEnvelope{Body: body, Encoding: "utf-8", Type: "application/json", Headers: handHeaders(id)}
		m.Properties.CorrelationID, m.Properties.DeliveryMode = id, 2
		m.Properties.BodyEncoding, m.Properties.DeliveryTag = "base64", rand.Text()
		m.Properties.DeliveryInfo.RoutingKey = queue
		messages[i], err = json.Marshal(m)
		if err != nil {
			return err
		}
	}
	return client.LPush(context.Background(), queue, messages...).Err()
}

func publishByHand(channel *amqp.Channel, queue string, ids []string) error {
	confirms := make([]*amqp.DeferredConfirmation, len(ids))
	for i, id := range ids {
		body, err := handBody()
		if err != nil {
			return err
		}
		confirms[i], err = channel.PublishWithDeferredConfirm("", queue, true, false, amqp.Publishing{
			Headers: handHeaders(id), ContentType: "application/json", ContentEncoding: "utf-8",
			DeliveryMode: amqp.Persistent, CorrelationId: id, Body: body,
		})
		if err != nil {
			return err
		}
	}
	for _, c := range confirms {
		if !c.Wait() {
			return fmt.Errorf("message %d is not confirmed", c.DeliveryTag)
		}
	}
	return nil
}
