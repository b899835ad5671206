package celery

import (
	"context"
	"errors"

	"github.com/redis/go-redis/v9"
)

// redisResults reads results that workers leave in Redis.
type redisResults struct {
	*redisServer
	own bool // it is not the broker's connection as well
}

func (s redisResults) close() error {
	if s.own {
		return s.redisServer.close()
	}
	return nil
}

func resultKey(id string) string { return "celery-task-meta-" + id }

func (s redisResults) peek(ctx context.Context, id string) (*meta, error) {
	text, err := s.client.Get(ctx, resultKey(id)).Bytes()
	if errors.Is(err, redis.Nil) {
		return nil, nil
	}
	if err != nil {
		return nil, s.failed(err)
	}
	m, err := parseMeta(text)
	if err != nil {
		return nil, s.failed(err)
	}
	return m, nil
}

// wait asks for the result, and again each time that the worker says it has
// written: it publishes on a channel of the key's name. It asks when the
// subscription has begun, too, or has begun again on another connection: what
// was said before is not repeated.
func (s redisResults) wait(ctx context.Context, id string) (*meta, error) {
	m, err := s.peek(ctx, id)
	if err != nil || m != nil && m.ended() {
		return m, err
	}
	subscription := s.client.Subscribe(ctx, resultKey(id))
	defer subscription.Close()
	events := subscription.ChannelWithSubscriptions()
	for {
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case _, open := <-events:
			if !open {
				return nil, s.failed(redis.ErrClosed)
			}
			m, err := s.peek(ctx, id)
			if err != nil || m != nil && m.ended() {
				return m, err
			}
		}
	}
}
