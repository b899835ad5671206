package contender

import (
	"context"
	"encoding/json"
	"errors"
	"log"
	"net/http"
	"strconv"
	"sync"
	"time"

	"github.com/bggen/bggen/benchmarks/internal/tutorial"
)

// byHand is the routes of all parts, with nothing but net/http. answer writes a
// response, and has the job done.
func byHand(answer func(http.ResponseWriter, *http.Request, tutorial.Message, []string)) http.Handler {
	mux := http.NewServeMux()
	sent := tutorial.Message{Message: "Message sent"}
	mux.HandleFunc("POST /send-notification/{email}", func(w http.ResponseWriter, r *http.Request) {
		lines := make([]string, 0, 2)
		if q := r.URL.Query().Get("q"); q != "" {
			lines = append(lines, "found query: "+q)
		}
		lines = append(lines, "message to "+r.PathValue("email"))
		answer(w, r, sent, lines)
	})
	mux.HandleFunc("GET /hello/{name}", func(w http.ResponseWriter, r *http.Request) {
		answer(w, r, tutorial.Message{Message: "Hello " + r.PathValue("name")}, nil)
	})
	return mux
}

// writeJSON is the answer of all that is written by hand.
func writeJSON(w http.ResponseWriter, m tutorial.Message, known bool) bool {
	body, err := json.Marshal(m)
	if err != nil {
		http.Error(w, "Internal Server Error", http.StatusInternalServerError)
		return false
	}
	w.Header().Set("Content-Type", "application/json")
	if known {
		w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	}
	w.Write(body)
	return true
}

// bareApp starts one goroutine for the tasks of a request.
func bareApp() goApp {
	return goApp{handler: byHand(func(w http.ResponseWriter, _ *http.Request, m tutorial.Message, lines []string) {
		writeJSON(w, m, false)
		if len(lines) == 0 {
			return
		}
		go func() {
			for _, line := range lines {
				tutorial.WriteLog(line)
			}
		}()
	})}
}

// carefulApp keeps the promises of bggen with what the standard library has:
// a flush before the tasks start, two semaphores for the limits, a recover
// around each task, and a WaitGroup to drain.
func carefulApp() goApp {
	slots := make(chan struct{}, 16384)
	workers := make(chan struct{}, 256)
	var pending sync.WaitGroup
	run := func(ctx context.Context, lines []string) {
		workers <- struct{}{}
		defer func() { <-workers; <-slots; pending.Done() }()
		for _, line := range lines {
			guarded(ctx, line)
		}
	}
	answer := func(w http.ResponseWriter, r *http.Request, m tutorial.Message, lines []string) {
		if len(lines) == 0 {
			writeJSON(w, m, false)
			return
		}
		if !take(r.Context(), slots) {
			w.Header().Set("Retry-After", "1")
			http.Error(w, "no room for more background tasks", http.StatusServiceUnavailable)
			return
		}
		if !writeJSON(w, m, true) {
			<-slots
			return
		}
		w.(http.Flusher).Flush()
		pending.Add(1)
		go run(context.WithoutCancel(r.Context()), lines)
	}
	return goApp{handler: byHand(answer), drain: func(ctx context.Context) error {
		done := make(chan struct{})
		go func() { pending.Wait(); close(done) }()
		select {
		case <-done:
			return nil
		case <-ctx.Done():
			return errors.New("tasks were left")
		}
	}}
}

// take takes a slot, and waits a second for one if it must.
func take(ctx context.Context, slots chan struct{}) bool {
	select {
	case slots <- struct{}{}:
		return true
	default:
	}
	timeout := time.NewTimer(time.Second)
	defer timeout.Stop()
	select {
	case slots <- struct{}{}:
		return true
	case <-timeout.C:
	case <-ctx.Done():
	}
	return false
}

// guarded runs a task so that neither its error nor its panic stops anything.
// The tasks at hand have no use for a context; others would.
func guarded(_ context.Context, line string) {
	defer func() {
		if p := recover(); p != nil {
			log.Print("background task panicked: ", p)
		}
	}()
	if err := tutorial.WriteLog(line); err != nil {
		log.Print("background task failed: ", err)
	}
}
