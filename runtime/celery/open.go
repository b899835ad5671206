package celery

import (
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"strings"
)

// Open connects to the broker of a Celery fleet, at the address that the
// fleet's broker_url has:
//
//	redis://[[user]:password@]host[:6379][/database]
//	amqp://[user:password@]host[:5672][/vhost]
//
// and rediss:// and amqps:// for TLS. What is special in a URL is percent-encoded
// in a password. Open returns an error, without the password, if the broker or
// the result backend does not answer.
func Open(url string, opts ...Option) (*Engine, error) {
	s := settings{queue: "celery", logger: slog.Default()}
	for _, opt := range opts {
		opt(&s)
	}
	e := &Engine{queue: s.queue, expires: s.expires, origin: origin(), logger: s.logger}
	at, err := parseAddress(url)
	if err != nil {
		return nil, fmt.Errorf("celery: the broker's URL: %w", err)
	}
	switch at.kind {
	case "redis":
		err = e.openRedis(at, &s)
	case "amqp":
		err = e.openRabbit(at, &s)
	default:
		err = fmt.Errorf("celery: a broker's URL begins with redis://, rediss://, amqp:// or amqps://, and not with %s://", at.url.Scheme)
	}
	if err != nil {
		e.Close()
		return nil, err
	}
	return e, nil
}

func (e *Engine) openRedis(at address, s *settings) error {
	b, err := dialRedis(at, s.tls, "broker")
	if err != nil {
		return err
	}
	e.broker = b
	if s.results == nil {
		e.results = redisResults{b, false}
		return nil
	}
	return e.openResults(*s.results, s, nil)
}

func (e *Engine) openRabbit(at address, s *settings) error {
	r := newRabbit(at, s)
	if s.results != nil {
		if err := e.openResults(*s.results, s, r); err != nil {
			return err
		}
	}
	e.broker = r
	return r.open()
}

// openResults sets the result backend; r is the broker if that is RabbitMQ.
func (e *Engine) openResults(url string, s *settings, r *rabbit) error {
	if url == "" {
		return nil
	}
	at, err := parseAddress(url)
	switch {
	case err != nil:
		err = fmt.Errorf("celery: the URL of the results: %w", err)
	case at.kind == "redis":
		var store *redisServer
		if store, err = dialRedis(at, s.tls, "result backend"); err == nil {
			e.results = redisResults{store, true}
		}
	case at.kind == "rpc" && r == nil:
		err = errors.New("celery: results come by rpc:// from a RabbitMQ broker only: with Redis, leave them in Redis")
	case at.kind == "rpc":
		replies := newReplies(s.logger)
		r.onConnect = replies.connect
		e.results, e.replyTo = replies, replies.queue
	default:
		err = fmt.Errorf("celery: results are read from redis://, rediss:// or rpc://, and not from %s://", at.url.Scheme)
	}
	return err
}

// An address is where a server is.
type address struct {
	kind string // redis, amqp, rpc, or "" for what nothing here speaks
	url  *url.URL
}

// errURL says nothing of what it found: it would quote a part of the password.
var errURL = errors.New("it cannot be read: it is scheme://user:password@host:port/name, with what is special in a URL percent-encoded in the password")

func parseAddress(text string) (address, error) {
	u, err := url.Parse(text)
	if err != nil || u.Opaque != "" || u.Scheme == "" {
		return address{}, errURL
	}
	kind := ""
	switch u.Scheme {
	case "redis", "rediss":
		kind = "redis"
	case "amqp", "amqps":
		kind = "amqp"
	case "pyamqp": // Celery's name of the same
		kind, u.Scheme = "amqp", "amqp"
	case "rpc":
		return address{"rpc", u}, nil
	}
	if kind != "" && u.Host == "" {
		return address{}, errors.New("it names no host")
	}
	return address{kind, u}, nil
}

// String is the address without user, password and parameters.
func (a address) String() string {
	return a.url.Scheme + "://" + a.url.Host + "/" + strings.TrimPrefix(a.url.EscapedPath(), "/")
}
