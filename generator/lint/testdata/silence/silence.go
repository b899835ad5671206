// Package silence has goroutines that are not reported, with the reason that -why gives.
package silence

import (
	"context"
	"net/http"
	"sync"

	"github.com/bggen/bggen/runtime"
)

var _ runtime.Option

type limiter struct{}

func (*limiter) Wait(context.Context) error { return nil }

func audit(context.Context, ...any) error { return nil }

func check(context.Context, chan<- error) {}

func waitsBefore(r *http.Request, l *limiter, ready chan bool) {
	if l.Wait(r.Context()) != nil {
		return
	}
	go audit(r.Context()) // want `^this goroutine uses r.Context\(\)`
	<-ready
}

func waitsInALoop(r *http.Request, jobs chan string) {
	for job := range jobs {
		go audit(r.Context(), job) // want `^this goroutine uses r.Context\(\)`
	}
}

func waitsAfter(r *http.Request) {
	done := make(chan error)
	go check(r.Context(), done) // want `^not reported: this goroutine uses r.Context\(\), but the function waits for something \(line 39\)`
	select {
	case <-r.Context().Done():
	case <-done:
	}
}

func waitsBeforeInALoop(r *http.Request, list []string) {
	done := make(chan error, 1)
	for i := range list {
		if i > 0 {
			<-done
		}
		go check(r.Context(), done) // want `but the function waits for something \(line 49\)`
	}
}

func waitsWhenItReturns(r *http.Request) {
	done := make(chan error)
	defer func() { <-done }()
	go check(r.Context(), done) // want `but the function waits for something \(line 57\)`
}

func waitsInAnother(r *http.Request) {
	done := make(chan error)
	go check(r.Context(), done) // want `but the function waits for something \(line 64\)`
	receive(done)
}

func receive(done chan error) error { return <-done }

func tells(r *http.Request, wg *sync.WaitGroup) {
	go func() { // want `not reported: this goroutine uses r, but it tells somebody that it has ended \(line 71\)`
		defer wg.Done()
		audit(context.Background(), r)
	}()
}

func cancels(r *http.Request, next http.Handler) {
	ctx, cancel := context.WithCancel(r.Context())
	defer cancel()
	go audit(ctx) // want `not reported: this goroutine uses ctx, but that context is what ends it`
}

func hijacks(w http.ResponseWriter, r *http.Request) {
	w.(http.Hijacker).Hijack()
	go audit(r.Context()) // want `but the function has a connection of its own \(line 83\)`
}
