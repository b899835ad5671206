package asynq

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"time"
)

// sameAgain is how long what asynq has said is not said again: without Redis it
// says so several times a second.
const sameAgain = time.Minute

// An asynqLog is the logger of an asynq server.
type asynqLog struct {
	logger *slog.Logger

	mu   sync.Mutex
	said map[string]time.Time // by how the text begins
	down bool
}

func (l *asynqLog) Debug(...any)     {}
func (l *asynqLog) Info(...any)      {}
func (l *asynqLog) Warn(args ...any) { l.say(slog.LevelWarn, fmt.Sprint(args...)) }

// Error is called by asynq also for what it will try again.
func (l *asynqLog) Error(args ...any) { l.say(slog.LevelError, fmt.Sprint(args...)) }

// Fatal is not called by asynq's server. A library does not end a process.
func (l *asynqLog) Fatal(args ...any) { l.Error(args...) }

func (l *asynqLog) say(level slog.Level, text string) {
	if strings.HasPrefix(text, "Retry exhausted") || strings.HasPrefix(text, "revoke task") {
		return // we have said more of it
	}
	begins, _, _ := strings.Cut(text, ":")
	if l.again(begins) {
		return
	}
	l.logger.Log(context.Background(), level, "asynq: "+text)
}

// again reports whether a text that begins so was said a moment ago.
func (l *asynqLog) again(begins string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := time.Now()
	if at, ok := l.said[begins]; ok && now.Sub(at) < sameAgain {
		return true
	}
	if l.said == nil || len(l.said) > 100 {
		l.said = map[string]time.Time{} // texts with ids in them
	}
	l.said[begins] = now
	return false
}

// health is told every few seconds whether Redis answers. It reports the end of
// an outage, and its begin if asynq has not.
func (l *asynqLog) health(err error) {
	l.mu.Lock()
	before := l.down
	l.down = err != nil
	l.mu.Unlock()
	switch {
	case err != nil && !before:
		l.logger.Error("Redis does not answer: tasks wait until it does", "error", err)
	case err == nil && before:
		l.logger.Info("Redis answers again")
	}
}
