package celery

import (
	"crypto/tls"
	"log/slog"
	"time"
)

// An Option changes what [Open] makes.
type Option func(*settings)

type settings struct {
	queue   string
	results *string // nil: as the broker has it
	expires time.Duration
	tls     *tls.Config
	logger  *slog.Logger
}

// Queue is the queue of tasks that name none. It is "celery" unless this says
// otherwise, as in Celery.
func Queue(name string) Option {
	return func(s *settings) { s.queue = name }
}

// Results says where the workers leave results: what their result_backend says.
//
//	redis://…, rediss://…   in Redis, whatever the broker
//	rpc://                  in a queue of this engine's, RabbitMQ only
//	""                      nowhere: none are read
//
// Without it they are read from a Redis broker itself, and with RabbitMQ not at
// all.
func Results(url string) Option {
	return func(s *settings) { s.results = &url }
}

// Expires keeps a task from running when it has waited for so long, from when it
// was due. A worker that comes to it later discards it, and its result is a
// [TaskError] of the type celery.exceptions.TaskRevokedError.
func Expires(d time.Duration) Option {
	return func(s *settings) { s.expires = d }
}

// TLS is for rediss:// and amqps://, where the system's certificates do not do.
func TLS(config *tls.Config) Option {
	return func(s *settings) { s.tls = config }
}

// Logger is told of lost connections and of options that Celery cannot honour.
// It is slog.Default() unless this says otherwise.
func Logger(l *slog.Logger) Option {
	return func(s *settings) { s.logger = l }
}
