package core

import (
	"math/rand/v2"
	"slices"
	"sync"
)

// accepted is the set of units that a runner is responsible for: what it has
// to name if it cannot run them. It is in several lists, with a lock each, so
// that requests that end at the same time do not wait for each other.
type accepted [8]struct {
	mu    sync.Mutex
	first *Unit    // linked by prev and succ
	_     [48]byte // a cache line for each
}

func (a *accepted) add(b *Unit) {
	b.shard = uint8(rand.Uint32() % uint32(len(a)))
	list := &a[b.shard]
	list.mu.Lock()
	defer list.mu.Unlock()
	b.succ = list.first
	if b.succ != nil {
		b.succ.prev = b
	}
	list.first = b
}

func (a *accepted) remove(b *Unit) {
	list := &a[b.shard]
	list.mu.Lock()
	defer list.mu.Unlock()
	if b.prev != nil {
		b.prev.succ = b.succ
	} else {
		list.first = b.succ
	}
	if b.succ != nil {
		b.succ.prev = b.prev
	}
	b.prev, b.succ = nil, nil
}

// all is the units of each list, the newest first.
func (a *accepted) all() (units []*Unit) {
	for i := range a {
		a[i].mu.Lock()
		for b := a[i].first; b != nil; b = b.succ {
			units = append(units, b)
		}
		a[i].mu.Unlock()
	}
	return units
}

// left is the tasks that have not ended, running ones first.
func (a *accepted) left() (list []Left) {
	running := 0
	seen := map[*Unit]bool{}
	for again := true; again; { // what was taken out of a line meanwhile is in another
		again = false
		for _, b := range slices.Backward(a.all()) {
			if seen[b] {
				continue
			}
			seen[b], again = true, true
			tasks, busy := b.left()
			if busy {
				list = slices.Insert(list, running, tasks...)
				running += len(tasks)
			} else {
				list = append(list, tasks...)
			}
		}
	}
	return list
}
