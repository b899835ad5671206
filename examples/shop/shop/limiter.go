package shop

import (
	"net"
	"net/http"
	"sync"
	"time"

	"github.com/bggen/bggen/runtime"
)

// Limiter lets each client make so many requests in a minute.
type Limiter struct {
	PerMinute int

	mu     sync.Mutex
	since  time.Time
	counts map[string]int // by the client's address
}

// Allow is the guard of the whole package: it comes first.
func (l *Limiter) Allow(r *http.Request) error {
	client, _, _ := net.SplitHostPort(r.RemoteAddr) // net/http sets it, with a port
	l.mu.Lock()
	defer l.mu.Unlock()
	if now := time.Now(); now.Sub(l.since) >= time.Minute {
		l.since, l.counts = now, map[string]int{}
	}
	l.counts[client]++
	if l.counts[client] > l.PerMinute {
		return &runtime.Problem{Status: http.StatusTooManyRequests, Header: http.Header{"Retry-After": {"60"}}}
	}
	return nil
}
