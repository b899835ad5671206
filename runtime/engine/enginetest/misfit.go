package enginetest

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/bggen/bggen/runtime"
	"github.com/bggen/bggen/runtime/engine"
)

// misfits are arguments that other versions of a program may have stored for a
// task whose argument is n, and what is said of them.
var misfits = []struct{ args, want string }{
	{`{"m":7}`, "m is not known; n is missing"},
	{`{}`, "n is missing"},
	{`null`, "the whole is null"},
	{`{"n":null}`, "n is null"},
	{`{"n":7,"m":7}`, "m is not known"},
	{`{"n":"7"}`, "n is a string"},
	{`["7"]`, "the whole is a list"},
}

// testMisfits has arguments that do not fit the task end as a failure, which is
// kept, stops nothing, and is put right by a process whose task they fit.
func testMisfits(t *testing.T, o *Options) {
	p := newProcess(t, o)
	task := newProbe[struct {
		N int `json:"n"`
	}](p, "enginetest.misfit", nil)
	calls := make([]engine.Call, len(misfits))
	for i, m := range misfits {
		calls[i] = engine.Call{
			ID: fmt.Sprintf("BBBBBBBBBBBBBBBBBBBBBBBBB%d", i+2), Name: "enginetest.misfit", Args: json.RawMessage(m.args),
			Attempts: 3, Backoff: short,
		}
	}
	if err := p.engine.Enqueue(within(t), calls); err != nil {
		t.Fatal(err)
	}
	stop := p.work()
	p.settle()
	for i, c := range calls {
		if _, ok := p.engine.(engine.Statuser); ok {
			p.await(runtime.ParseTaskID(c.ID), engine.Failed)
		}
		p.reportedOnce(c.ID, misfits[i].want)
	}
	p.keepsArguments(calls)
	stop()
	task.none()

	retrier, ok := p.engine.(engine.Retrier)
	if !ok {
		return
	}
	mended := openProcess(t, o, p.address)
	again := newProbe[struct {
		M int `json:"m"`
	}](mended, "enginetest.misfit", nil)
	mended.work()
	if ok, err := retrier.Retry(within(t), calls[0].ID); !ok || err != nil {
		t.Fatalf("a call whose arguments did not fit is not tried again: %t, %v", ok, err)
	}
	if r := again.next(); r.args.M != 7 {
		t.Errorf("it runs with %+v", r.args)
	}
}

// reportedOnce looks for the one record of a call that has failed.
func (p *process) reportedOnce(id, want string) {
	p.t.Helper()
	n := 0
	for line := range strings.Lines(p.log.String()) {
		if strings.Contains(line, id) && strings.Contains(line, want) {
			n++
		}
	}
	if n != 1 {
		p.t.Errorf("the log says %d times of %s: %s", n, id, want)
	}
}

// keepsArguments looks for the arguments of calls in the list of what has failed.
func (p *process) keepsArguments(calls []engine.Call) {
	p.t.Helper()
	lister, ok := p.engine.(engine.Lister)
	if !ok {
		return
	}
	list, err := lister.List(within(p.t), 100)
	if err != nil {
		p.t.Fatal(err)
	}
	kept := map[string]json.RawMessage{}
	for _, l := range list.Tasks {
		if l.State == engine.Failed && l.Err != nil {
			kept[l.ID] = l.Args
		}
	}
	for _, c := range calls {
		var got, want any
		if err := json.Unmarshal(kept[c.ID], &got); err != nil {
			p.t.Errorf("of the arguments %s it keeps %q: %v", c.Args, kept[c.ID], err)
			continue
		}
		if json.Unmarshal(c.Args, &want); !reflect.DeepEqual(got, want) {
			p.t.Errorf("the arguments %s became %s", c.Args, kept[c.ID])
		}
	}
}
