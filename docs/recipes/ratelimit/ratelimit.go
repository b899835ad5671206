// Package ratelimit lets a client send so many requests a minute.
//
// It is a guard on the package clause: it runs before anything else, for every handler
// of the package, and needs no value.
//
//bggen:depends Limiter.Allow
package ratelimit

import (
	"net"
	"net/http"
	"strconv"
	"sync"
	"time"

	"github.com/bggen/bggen/runtime"
)

// App holds what lives as long as the program.
//
//bggen:app
type App struct{ Limiter *Limiter }

// Limiter counts the requests of each client in this process. With several processes,
// count in Redis, or let the proxy in front of them do it.
type Limiter struct {
	PerMinute int

	mu     sync.Mutex
	minute int64 // that is counted, since 1970
	counts map[string]int
}

// Allow refuses a client that has sent too many requests in this minute.
func (l *Limiter) Allow(r *http.Request) error {
	now := time.Now()
	if l.count(clientOf(r), now.Unix()/60) <= l.PerMinute {
		return nil
	}
	return &runtime.Problem{
		Status: http.StatusTooManyRequests,
		Header: http.Header{"Retry-After": {strconv.Itoa(60 - now.Second())}},
	}
}

// clientOf is the address of the client. Behind a proxy that is always the proxy's:
// take the header that it sets, and only if clients cannot set it.
func clientOf(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	return host
}

func (l *Limiter) count(client string, minute int64) int {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.minute != minute {
		l.minute, l.counts = minute, map[string]int{} // nothing is kept for longer
	}
	l.counts[client]++
	return l.counts[client]
}

// Hello is a handler to try it with.
//
//bggen:route GET /hello
func Hello() string { return "hello" }
