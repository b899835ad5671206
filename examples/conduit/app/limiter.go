package app

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

// RateLimit is the guard of the whole service.
//
//bggen:guard
//bggen:depends l=App.Limiter
//bggen:answers 429
func RateLimit(r *http.Request, l *Limiter) error { return l.allow(r) }

// LoginLimit is for handlers that look at passwords.
//
//bggen:guard
//bggen:depends l=App.LoginLimiter
//bggen:answers 429
func LoginLimit(r *http.Request, l *Limiter) error { return l.allow(r) }

// allow counts a request. Behind a proxy, take the address from the header that
// the proxy sets.
func (l *Limiter) allow(r *http.Request) error {
	client, _, _ := net.SplitHostPort(r.RemoteAddr)
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
