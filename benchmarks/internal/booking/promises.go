package booking

import (
	"context"
	"encoding/json"
	"net/http"
	"strconv"
	"sync"
	"time"
)

// promising is byHand that keeps the promises of bggen with what the standard
// library has: a flush before the tasks start, two semaphores for the limits, a
// recover around each task, and a WaitGroup to drain.
type promising struct {
	byHand
	slots, workers chan struct{}
	pending        sync.WaitGroup
}

func (h *promising) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if !h.take(r.Context()) {
		w.Header().Set("Retry-After", "1")
		http.Error(w, "no room for more background tasks", http.StatusServiceUnavailable)
		return
	}
	accepted := false
	defer func() {
		if !accepted {
			<-h.slots
		}
	}()
	in, err := readInput(w, r)
	if err != nil {
		h.fail(w, r, err)
		return
	}
	confirmation, err := h.book(r, in)
	if err != nil {
		h.fail(w, r, err)
		return
	}
	body, err := json.Marshal(confirmation)
	if err != nil {
		h.fail(w, r, err)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Content-Length", strconv.Itoa(len(body))) // as without the flush
	w.WriteHeader(http.StatusCreated)
	w.Write(body)
	w.(http.Flusher).Flush()
	accepted = true
	h.pending.Add(1)
	go h.run(in.body.Email, confirmation.Number)
}

// take takes a slot, and waits a second for one if it must.
func (h *promising) take(ctx context.Context) bool {
	select {
	case h.slots <- struct{}{}:
		return true
	default:
	}
	timeout := time.NewTimer(time.Second)
	defer timeout.Stop()
	select {
	case h.slots <- struct{}{}:
		return true
	case <-timeout.C:
	case <-ctx.Done():
	}
	return false
}

// run runs the tasks when a worker is free.
func (h *promising) run(email string, number int64) {
	h.workers <- struct{}{}
	defer func() {
		<-h.workers
		<-h.slots
		h.pending.Done()
	}()
	h.guard("Notify", func() error { return Notify(email, number) })
	if h.tasks == 2 {
		h.guard("Audit", func() error { return Audit(number) })
	}
}

// guard calls a task so that neither its error nor its panic stops anything.
func (h *promising) guard(name string, task func() error) {
	defer func() {
		if p := recover(); p != nil {
			h.logger.Error("background task panicked", "task", name, "panic", p)
		}
	}()
	if err := task(); err != nil {
		h.logger.Error("background task failed", "task", name, "error", err)
	}
}
