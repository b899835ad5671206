package celery

import (
	"context"
	"crypto/rand"
	"crypto/tls"
	"encoding/json"
	"fmt"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/redis/go-redis/v9/maintnotifications"
)

// A redisServer is a Redis database: a broker, a result backend, or both.
type redisServer struct {
	client *redis.Client
	name   string // for errors: what it is, and where
}

func dialRedis(at address, config *tls.Config, what string) (*redisServer, error) {
	name := fmt.Sprintf("the %s %s", what, at)
	options, err := redis.ParseURL(at.url.String())
	if err != nil {
		return nil, fmt.Errorf("celery: %s: %w", name, err)
	}
	if options.TLSConfig != nil && config != nil {
		own := config.Clone()
		if own.ServerName == "" {
			own.ServerName = options.TLSConfig.ServerName
		}
		options.TLSConfig = own
	}
	// A connection that was lost is made again with backoff, for less than two
	// seconds in all: a request waits. Dialing has no retries of its own below
	// that.
	options.MaxRetries, options.DialerRetries = 5, 1
	options.MinRetryBackoff, options.MaxRetryBackoff = 50*time.Millisecond, 800*time.Millisecond
	options.ContextTimeoutEnabled = true
	options.MaintNotificationsConfig = &maintnotifications.Config{Mode: maintnotifications.ModeDisabled}
	s := &redisServer{redis.NewClient(options), name}
	ctx, cancel := context.WithTimeout(context.Background(), enqueueLimit)
	defer cancel()
	if err := s.client.Ping(ctx).Err(); err != nil {
		s.client.Close()
		return nil, s.failed(err)
	}
	return s, nil
}

// failed is an error of s, with its address.
func (s *redisServer) failed(err error) error {
	return fmt.Errorf("celery: %s: %w", s.name, err)
}

func (s *redisServer) close() error { return s.client.Close() }

// publish pushes on the left of the lists that workers pop from the right: one
// LPUSH, or a transaction of one for each queue.
func (s *redisServer) publish(ctx context.Context, messages []message) error {
	var queues []string
	lists := map[string][]any{}
	for _, m := range messages {
		text, err := m.envelope()
		if err != nil {
			return fmt.Errorf("celery: %w", err)
		}
		if lists[m.queue] == nil {
			queues = append(queues, m.queue)
		}
		lists[m.queue] = append(lists[m.queue], text)
	}
	var err error
	if len(queues) == 1 {
		err = s.client.LPush(ctx, queues[0], lists[queues[0]]...).Err()
	} else {
		_, err = s.client.TxPipelined(ctx, func(p redis.Pipeliner) error {
			for _, q := range queues {
				p.LPush(ctx, q, lists[q]...)
			}
			return nil
		})
	}
	if err != nil {
		return s.failed(err)
	}
	return nil
}

// envelope is what kombu, which carries Celery's messages, writes in Redis in
// place of the properties that AMQP has.
func (m *message) envelope() ([]byte, error) {
	return json.Marshal(envelope{
		Body:     m.body,
		Encoding: contentEncoding,
		Type:     contentType,
		Headers:  m.headers,
		Properties: properties{
			CorrelationID: m.id,
			ReplyTo:       m.replyTo,
			DeliveryMode:  persistent,
			DeliveryInfo:  deliveryInfo{RoutingKey: m.queue},
			BodyEncoding:  "base64",
			DeliveryTag:   rand.Text(), // workers keep the unacknowledged by it
		},
	})
}

type envelope struct {
	Body       []byte         `json:"body"` // in base64
	Encoding   string         `json:"content-encoding"`
	Type       string         `json:"content-type"`
	Headers    map[string]any `json:"headers"`
	Properties properties     `json:"properties"`
}

type properties struct {
	CorrelationID string       `json:"correlation_id"`
	ReplyTo       string       `json:"reply_to"`
	DeliveryMode  int          `json:"delivery_mode"`
	DeliveryInfo  deliveryInfo `json:"delivery_info"`
	Priority      int          `json:"priority"`
	BodyEncoding  string       `json:"body_encoding"`
	DeliveryTag   string       `json:"delivery_tag"`
}

type deliveryInfo struct {
	Exchange   string `json:"exchange"` // the default one
	RoutingKey string `json:"routing_key"`
}
