package core

import "time"

// left names the tasks that have not ended, and says whether one is running,
// and since when.
func (b *Unit) left() (names []string, busy bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.rare != nil && b.rare.named {
		return nil, false
	}
	for i, t := range b.tasks[min(int(b.next), len(b.tasks)):] {
		if t.run == nil {
			continue
		}
		name := t.name()
		if b.busy && i == 0 && b.rare != nil && b.rare.again {
			continue // another batch has it
		}
		if b.busy && !b.parked && i == 0 {
			name += " (running" + b.age() + ")"
		}
		names = append(names, name)
	}
	b.extra().named = true
	return names, b.busy && !b.parked
}

// took is for how long the task that runs has done so, 0 if that is not known.
func (b *Unit) took() time.Duration {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.began == 0 {
		return 0
	}
	return now() - b.began
}

// age says for how long the task that runs has done so, as far as that is known.
// b.mu is held.
func (b *Unit) age() string {
	switch d := now() - b.began; {
	case b.began == 0:
		return ""
	case b.rare != nil && b.rare.older:
		return " for over " + rounded(d)
	default:
		return " for " + rounded(d)
	}
}

func rounded(d time.Duration) string {
	if d < time.Second {
		return d.Round(time.Millisecond).String()
	}
	return d.Round(time.Second).String()
}

// beginAge notes when the task that runs was seen running, for one whose
// beginning was not.
func (b *Unit) beginAge() {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.busy && b.began == 0 {
		b.began = now()
		b.extra().older = true
	}
}
