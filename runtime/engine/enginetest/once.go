package enginetest

import (
	"context"
	"encoding/json"
	"fmt"
	"sync"
	"testing"

	"github.com/bggen/bggen/runtime"
	"github.com/bggen/bggen/runtime/engine"
)

// testOnce stores calls again and again, from several processes, before, while and
// after they run: each runs once.
func testOnce(t *testing.T, o *Options) {
	p := newProcess(t, o)
	if _, ok := p.engine.(engine.Oncer); !ok {
		t.Skip("the engine stores no call once")
	}
	const keys = 4
	var calls []engine.Call
	for i := range keys {
		calls = append(calls, engine.Call{
			ID: fmt.Sprintf("DDDDDDDDDDDDDDDDDDDDDDDDD%d", i+2), Name: "enginetest.once", Args: json.RawMessage(fmt.Sprint(i)),
			Attempts: 1, Once: fmt.Sprint("key", i),
		})
	}
	processes := []*process{p, openProcess(t, o, p.address), openProcess(t, o, p.address)}
	store := func() {
		t.Helper()
		var all sync.WaitGroup
		for _, other := range processes {
			all.Go(func() {
				for _, c := range calls {
					if err := other.engine.Enqueue(within(t), []engine.Call{c}); err != nil {
						t.Errorf("storing a call once more: %v", err)
					}
				}
			})
		}
		all.Wait()
	}
	other := newProbe[int](p, "enginetest.once.renamed", nil)
	task := newProbe(p, "enginetest.once", func(_ context.Context, n int) error {
		if n == 0 {
			return runtime.Permanent(errTest)
		}
		return nil
	})
	store()
	p.work()
	ran := map[int]int{}
	for range keys {
		ran[task.next().args]++
	}
	for _, c := range calls {
		want := engine.Done
		if string(c.Args) == "0" {
			want = engine.Failed
		}
		p.await(runtime.ParseTaskID(c.ID), want)
	}
	store()
	renamed := calls[1] // as a version stores it that has another name for the task
	renamed.Name = "enginetest.once.renamed"
	if err := p.engine.Enqueue(within(t), []engine.Call{renamed}); err != nil {
		t.Fatal(err)
	}
	// Among others, which are stored.
	seventh := engine.Call{ID: "DDDDDDDDDDDDDDDDDDDDDDDDD7", Name: "enginetest.once", Args: json.RawMessage("7"), Attempts: 1}
	if err := p.engine.Enqueue(within(t), append(calls, seventh, calls[1])); err != nil {
		t.Fatal(err)
	}
	ran[task.next().args]++
	p.settle()
	task.none()
	other.none()
	if len(ran) != keys+1 || ran[7] != 1 {
		t.Errorf("%v ran, each so often", ran)
	}
}
