package enginetest

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/bggen/bggen/runtime"
	"github.com/bggen/bggen/runtime/adapter"
	"github.com/bggen/bggen/runtime/engine"
)

// serve serves a request of a handler that f is, and returns the answer.
func (p *process) serve(f func(x *adapter.Exchange) error) *http.Response {
	p.t.Helper()
	h := adapter.NewWithTasks("enginetest", p.runner, nil, func(x *adapter.Exchange) error {
		if err := x.Ready(); err != nil {
			return err
		}
		return f(x)
	})
	server := httptest.NewUnstartedServer(h)
	p.runner.Attach(server.Config)
	server.Start()
	defer server.Close()
	client := http.Client{Timeout: patience}
	answer, err := client.Post(server.URL, "", nil)
	if err != nil {
		p.t.Fatalf("no answer: %v", err)
	}
	answer.Body.Close()
	return answer
}

// wantNotStored makes requests whose tasks cannot be stored.
func (p *process) wantNotStored(task *probe[int]) {
	p.t.Helper()
	answer := p.serve(func(x *adapter.Exchange) error {
		task.add(x.Tasks(), 1)
		return adapter.NoContent(x, http.StatusNoContent)
	})
	if answer.StatusCode != http.StatusServiceUnavailable || answer.Header.Get("Retry-After") == "" {
		p.t.Errorf("the answer is %d, with Retry-After %q", answer.StatusCode, answer.Header.Get("Retry-After"))
	}
	answer = p.serve(func(x *adapter.Exchange) error {
		x.Settle(func(err error) error { return err })
		task.add(x.Tasks(), 2)
		return adapter.NoContent(x, http.StatusNoContent)
	})
	if answer.StatusCode != http.StatusInternalServerError {
		p.t.Errorf("after something was settled the answer is %d", answer.StatusCode)
	}
	answer = p.serve(func(x *adapter.Exchange) error { return adapter.NoContent(x, http.StatusNoContent) })
	if answer.StatusCode != http.StatusNoContent {
		p.t.Errorf("without a task the answer is %d", answer.StatusCode)
	}
}

func testClosed(t *testing.T, o *Options) {
	p := newProcess(t, o)
	task := newProbe[int](p, "enginetest.closed", nil)
	if err := p.close(); err != nil {
		t.Fatal(err)
	}
	p.wantNotStored(task)
}

func testServerDown(t *testing.T, o *Options) {
	if o.Server == nil {
		t.Skip("there is no server to stop")
	}
	server := o.Server(t)
	p := openProcess(t, o, server.Address)
	task := newProbe[int](p, "enginetest.down", nil)
	p.work()
	p.do(func(b *runtime.BackgroundTasks) { task.add(b, 0) })
	task.next()
	server.Kill(t)
	p.wantNotStored(task)
	server.Start(t)
	for ctx := within(t); ; { // the engine may take its time to see that it is back
		err := p.tryDo(func(b *runtime.BackgroundTasks) { task.add(b, 3) })
		if err == nil {
			break
		}
		if ctx.Err() != nil {
			t.Fatalf("it does not come back: %v", err)
		}
	}
	for task.next().args != 3 { // 1 and 2 may have been stored, unknown to the client
	}
}

// begin begins a transaction, or skips the test.
func (p *process) begin() Tx {
	p.t.Helper()
	_, ok := p.engine.(engine.TxEnqueuer)
	if ok != (p.o.Begin != nil) {
		p.t.Fatalf("whether it is a TxEngine is %t, and Options.Begin says %t", ok, !ok)
	}
	if !ok {
		p.t.Skip("the engine stores nothing in transactions of others")
	}
	return p.o.Begin(p.t, p.engine, p.address)
}

// inTx serves a request whose tasks are stored in a transaction when it
// settles, as the one of a provider.
func (p *process) inTx(task *probe[int], fail error) *http.Response {
	p.t.Helper()
	p.begin().Rollback() // skips, where that has to be
	return p.serve(func(x *adapter.Exchange) error {
		tx := p.begin()
		x.Settle(func(err error) error {
			err = errors.Join(err, x.Tasks().StoreIn(x.Context(), tx.Tx), fail)
			if err != nil {
				return errors.Join(err, tx.Rollback())
			}
			return tx.Commit()
		})
		task.add(x.Tasks(), 1)
		task.add(x.Tasks(), 2)
		return adapter.NoContent(x, http.StatusNoContent)
	})
}

func testRollback(t *testing.T, o *Options) {
	p := newProcess(t, o)
	task := newProbe[int](p, "enginetest.rollback", nil)
	p.work()
	if answer := p.inTx(task, errTest); answer.StatusCode != http.StatusInternalServerError {
		t.Errorf("the answer is %d", answer.StatusCode)
	}
	p.settle()
	task.none()
}

func testCommit(t *testing.T, o *Options) {
	p := newProcess(t, o)
	task := newProbe[int](p, "enginetest.commit", nil)
	p.work()
	if answer := p.inTx(task, nil); answer.StatusCode != http.StatusNoContent {
		t.Errorf("the answer is %d", answer.StatusCode)
	}
	if one, other := task.next(), task.next(); one.args == other.args {
		t.Error("one of two ran twice")
	}
	p.settle()
	task.none()
}

// testFailingStore has a second storing in a transaction fail: what the first
// has stored does not run.
func testFailingStore(t *testing.T, o *Options) {
	p := newProcess(t, o)
	task := newProbe[int](p, "enginetest.failing", nil)
	p.work()
	p.begin().Rollback()
	answer := p.serve(func(x *adapter.Exchange) error {
		tx := p.begin()
		x.Settle(func(err error) error {
			task.add(x.Tasks(), 1)
			err = errors.Join(err, x.Tasks().StoreIn(x.Context(), tx.Tx))
			if err != nil {
				t.Errorf("the first: %v", err)
			}
			task.add(x.Tasks(), 2)
			ended, cancel := context.WithCancel(x.Context())
			cancel()
			if err := x.Tasks().StoreIn(ended, tx.Tx); err != nil {
				return errors.Join(err, tx.Rollback())
			}
			t.Error("it stores, with a context that has ended")
			return tx.Commit()
		})
		return adapter.NoContent(x, http.StatusNoContent)
	})
	if answer.StatusCode != http.StatusInternalServerError {
		t.Errorf("the answer is %d", answer.StatusCode)
	}
	p.settle()
	task.none()
}

// testOtherTx has a transaction that the engine cannot know: the tasks are
// stored after settling.
func testOtherTx(t *testing.T, o *Options) {
	p := newProcess(t, o)
	task := newProbe[int](p, "enginetest.other", nil)
	p.work()
	answer := p.serve(func(x *adapter.Exchange) error {
		x.Settle(func(err error) error { return errors.Join(err, x.Tasks().StoreIn(x.Context(), struct{ other int }{})) })
		task.add(x.Tasks(), 1)
		return adapter.NoContent(x, http.StatusNoContent)
	})
	if answer.StatusCode != http.StatusNoContent {
		t.Errorf("the answer is %d", answer.StatusCode)
	}
	task.next()
}
