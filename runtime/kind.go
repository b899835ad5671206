package runtime

import "sync"

// A kind bounds how many tasks of one definition run at once in a process.
// Those that wait hold no worker.
type kind struct {
	limit   int
	runner  *Runner
	mu      sync.Mutex
	running int
	waiting batchQueue
}

// enter takes a place for the task that b is to run. Where there is none, b is
// parked until one is free.
func (k *kind) enter(b *BackgroundTasks) bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.running < k.limit {
		k.running++
		return true
	}
	b.park()
	k.waiting.push(b)
	return false
}

// leave gives a place back, or hands it on.
func (k *kind) leave() {
	k.mu.Lock()
	next := k.waiting.pop()
	if next == nil {
		k.running--
	}
	k.mu.Unlock()
	if next != nil {
		k.runner.start(next)
	}
}
