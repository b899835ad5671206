package enginetest

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/bggen/bggen/runtime"
)

// testOddArguments has arguments that are JSON, and that databases refuse.
func testOddArguments(t *testing.T, o *Options) {
	p := newProcess(t, o)
	type odd struct {
		Raw json.RawMessage `json:"raw"`
	}
	task := newProbe[odd](p, "enginetest.odd", nil)
	p.work()
	for i, raw := range []string{
		`"\ud800"`, `"\udc00\ud800"`, `"\u0000"`, `1e400000`, `-0.1E-400000`, strings.Repeat("9", 200_000),
		strings.Repeat("[", 3000) + strings.Repeat("]", 3000),
	} {
		p.do(func(b *runtime.BackgroundTasks) {
			task.add(b, odd{json.RawMessage(raw)}, runtime.Unique(fmt.Sprint("a\x00b", i)))
		})
		if got := task.next().args.Raw; string(got) != raw {
			t.Errorf("%.40s became %.40s", raw, got)
		}
	}
	err := p.tryDo(func(b *runtime.BackgroundTasks) {
		task.add(b, odd{}, runtime.At(time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC)))
	})
	if err == nil || !strings.Contains(err.Error(), "enginetest.odd") {
		t.Errorf("a task of the year 10000: %v", err)
	}
}

// testUniqueTogether adds two tasks of one key in one request: the second is
// dropped.
func testUniqueTogether(t *testing.T, o *Options) {
	p := newProcess(t, o)
	task := newProbe[int](p, "enginetest.together", nil)
	p.do(func(b *runtime.BackgroundTasks) {
		task.add(b, 1, runtime.Unique("key"))
		task.add(b, 2, runtime.Unique("key"))
		task.add(b, 3, runtime.Unique("other key"))
	})
	p.work()
	if one, other := task.next().args, task.next().args; one+other != 4 {
		t.Errorf("%d and %d ran", one, other)
	}
	p.settle()
	task.none()
}
