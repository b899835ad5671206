package core

// seal ends the collecting of a request, if there is anything to run, and
// reports that.
func (b *Unit) seal(failed bool) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.sealLocked(failed)
}

func (b *Unit) sealLocked(failed bool) bool {
	if b.stage > stored {
		return false
	}
	b.choose(failed)
	if b.first() == int32(len(b.tasks)) {
		return false
	}
	b.stage = sealed
	return true
}

// sealOrEnd is seal; where there is nothing to run, b has ended.
func (b *Unit) sealOrEnd() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.sealLocked(false) {
		return true
	}
	b.discardLocked()
	return false
}

// choose drops the tasks that do not run after a request that has failed, or
// has not. b.mu is held.
func (b *Unit) choose(failed bool) {
	if failed {
		b.extra().afterFailure = true
	}
	if !failed && (b.rare == nil || !b.rare.selected) {
		return
	}
	b.drop(func(t task) bool { return !t.spec.runsAfter(failed) })
	for int(b.next) < len(b.tasks) && b.tasks[b.next].run == nil {
		b.next++
	}
}

// keepFailed drops what does not run after a request that has failed, and keeps
// the rest whatever comes.
func (b *Unit) keepFailed() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.choose(true)
	for i, t := range b.tasks[b.next:] {
		if t.run != nil {
			spec := t.spec.clone()
			spec.When = AfterBoth
			b.tasks[int(b.next)+i].spec = spec
		}
	}
	if b.rare != nil {
		b.rare.err = nil // it has failed the request
	}
}

// Refused is the error of an Enqueue that fails the request, nil if there was
// none.
func (b *Unit) Refused() error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.rare == nil {
		return nil
	}
	return b.rare.err
}

// discard drops everything: those are cancelled.
func (b *Unit) discard() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.discardLocked()
}

func (b *Unit) discardLocked() {
	b.drop(func(task) bool { return true })
	b.stage, b.tasks, b.next = ended, nil, 0
	if b.rare != nil {
		b.rare.calls = nil
	}
}

// hand ends the collecting too, for somebody else to run what there is.
func (b *Unit) hand() ([]task, []engineCall, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	tasks := b.tasks
	b.stage, b.tasks = ended, nil
	if b.rare == nil {
		return tasks, nil, nil
	}
	calls := b.rare.calls
	b.rare.calls = nil
	return tasks, calls, b.rare.err
}

// abandon drops what was accepted and cannot run any more, and names it. b.mu is
// held.
func (b *Unit) abandon() (names []string) {
	for _, t := range b.tasks[b.next:] {
		if t.run != nil {
			names = append(names, t.name())
		}
	}
	b.discardLocked()
	return names
}
