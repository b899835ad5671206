package asynq

import (
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"strings"
	"time"
)

// An Option changes how an engine stores or runs tasks.
type Option func(*settings)

// settings are what options change. Processes that share a Redis need not agree
// on them, but for the queues.
type settings struct {
	concurrency  int
	queues       map[string]int // with weights
	defaultQueue string
	longest      time.Duration
	check        time.Duration
	keep         time.Duration
	logger       *slog.Logger

	unknown time.Duration // see unknownWait
}

// Concurrency bounds how many tasks run at once in this process. 0 and below:
// 100.
func Concurrency(n int) Option { return func(s *settings) { s.concurrency = n } }

// Queues names the queues beside the default one that are worked on, with
// weights: a queue of weight 6 is looked into first six times as often as one of
// weight 1. The default queue has weight 1 unless it is among them.
//
// Every process names them, also one that only stores: a call for a queue that
// is not named is refused, where it would otherwise wait for ever.
func Queues(weights map[string]int) Option {
	return func(s *settings) { s.queues = maps.Clone(weights) }
}

// DefaultQueue is the queue of calls that name none, in place of "default". It
// keeps the tasks of two programs apart that share a database of Redis.
func DefaultQueue(name string) Option { return func(s *settings) { s.defaultQueue = name } }

// LongestTask ends the context of an attempt after d where the task has no
// timeout of its own. 0: it may go on for ever.
func LongestTask(d time.Duration) Option { return func(s *settings) { s.longest = d } }

// CheckEvery is how often an idle process looks for tasks, on average: the price
// of an early start is a command to Redis for each look and queue. 0: 50 ms.
func CheckEvery(d time.Duration) Option { return func(s *settings) { s.check = d } }

// Keep is how long the status of a task that has succeeded is kept, 5 minutes
// unless given. 0 keeps none, which saves the memory of Redis. Tasks that failed
// are kept for 90 days, the last 10,000 of a queue.
func Keep(d time.Duration) Option { return func(s *settings) { s.keep = d } }

// Logger has what goes wrong written there, in place of [slog.Default].
func Logger(l *slog.Logger) Option { return func(s *settings) { s.logger = l } }

// unknownWait is the least time after which a call of a task that this process
// does not know is offered again, to whoever looks first.
const unknownWait = 2 * time.Second

func newSettings(opts []Option) (*settings, error) {
	s := &settings{defaultQueue: "default", keep: 5 * time.Minute, unknown: unknownWait}
	for _, opt := range opts {
		opt(s)
	}
	if s.concurrency <= 0 {
		s.concurrency = 100
	}
	if s.check <= 0 {
		s.check = 50 * time.Millisecond
	}
	if s.logger == nil {
		s.logger = slog.Default()
	}
	if strings.TrimSpace(s.defaultQueue) == "" {
		return nil, errors.New("asynq: the default queue needs a name")
	}
	if s.queues == nil {
		s.queues = map[string]int{}
	}
	if _, named := s.queues[s.defaultQueue]; !named {
		s.queues[s.defaultQueue] = 1
	}
	for _, name := range s.queueNames() {
		if weight := s.queues[name]; strings.TrimSpace(name) == "" || weight <= 0 {
			return nil, fmt.Errorf("asynq: queue %q of weight %d: expected a name and a weight above 0", name, weight)
		}
	}
	return s, nil
}

// queue is the queue of a call that asks for one by name, or not.
func (s *settings) queue(name string) (string, error) {
	if name == "" {
		return s.defaultQueue, nil
	}
	if s.queues[name] == 0 {
		return "", fmt.Errorf("no worker looks into the queue %q: name it where the engine is opened, asynq.Queues(map[string]int{%q: 1})", name, name)
	}
	return name, nil
}

// queueNames are the names of the queues, in order.
func (s *settings) queueNames() []string { return slices.Sorted(maps.Keys(s.queues)) }
