package core

// Stats are those of package runtime, which explains them.
type Stats struct {
	Slots   int    `json:"slots"`
	Waiting int    `json:"waiting"`
	Delayed int    `json:"delayed"`
	Running int    `json:"running"`
	Ran     uint64 `json:"ran"`
	Failed  uint64 `json:"failed"`
	Retried uint64 `json:"retried"`
	Skipped uint64 `json:"skipped"`
}

// Stats returns what the runner does now.
func (r *Runner) Stats() Stats {
	r.mu.Lock()
	running := r.running
	r.mu.Unlock()
	delayed := int(r.slots.delayed.Load())
	return Stats{
		Slots:   int(r.slots.used.Load()),
		Waiting: max(len(r.accepted.all())-running-delayed, 0),
		Delayed: delayed,
		Running: running,
		Retried: r.retried.Load(),
		Ran:     r.ran.Load(),
		Failed:  r.failed.Load(),
		Skipped: r.skipped.Load(),
	}
}
