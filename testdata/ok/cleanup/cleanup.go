// Package cleanup has providers that leave something to be done.
package cleanup

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"github.com/bggen/bggen/runtime"
)

// Log is the app value: what happens is noted in it.
type Log struct{ Lines chan string }

func (l *Log) note(args ...any) { l.Lines <- fmt.Sprint(args...) }

// Tx is settled before the response.
type Tx struct{ log *Log }

// NewTx begins a transaction.
//
//bggen:provide
func NewTx(ctx context.Context, l *Log) (*Tx, func(error) error, error) {
	l.note("begin")
	return &Tx{l}, func(failure error) error {
		if failure != nil {
			l.note("rollback: ", failure)
			return nil
		}
		l.note("commit")
		return nil
	}, ctx.Err()
}

// Conn is released after the response.
type Conn struct{ log *Log }

// NewConn takes a connection.
//
//bggen:provide
func NewConn(l *Log) (Conn, func()) {
	l.note("connect")
	return Conn{l}, func() { l.note("disconnect") }
}

// File is held until the tasks have ended.
type File struct{ ctx context.Context }

// Open opens a file.
//
//bggen:provide hold
func Open(ctx context.Context, l *Log) (*File, func(), error) {
	l.note("open")
	return &File{ctx}, func() { l.note("close") }, nil
}

// Lazy is settled, and cannot fail to be made.
type Lazy struct{}

// NewLazy makes one, of a transaction that is settled after it.
//
//bggen:provide
func NewLazy(t *Tx) (Lazy, func(error) error) {
	return Lazy{}, func(error) error { t.log.note("settle lazy"); return nil }
}

// Order uses all of them.
//
//bggen:route POST /order
func (l *Log) Order(tx *Tx, c Conn, f *File, _ Lazy, fail *string, bg *runtime.BackgroundTasks) (string, error) {
	bg.Add(func(context.Context) error {
		l.note("task ", f.ctx.Err())
		return nil
	})
	if fail != nil && *fail == "panic" {
		panic("on purpose")
	}
	if fail != nil {
		return "", errors.New(*fail)
	}
	l.note("order")
	return "ordered", nil
}

// Copy copies what its task needs, which may be called like a parameter.
//
//bggen:route POST /copy
func (l *Log) Copy(c Conn, bg *runtime.BackgroundTasks) {
	bg.Add(func(context.Context) error {
		c := "a copy"
		l.note(c)
		return nil
	})
}

// Store has dependencies of its own where it runs.
//
//bggen:task
func (l *Log) Store(tx *Tx, c Conn, f *File, item string) error {
	l.note("store ", item)
	if item == "" {
		return errors.New("nothing to store")
	}
	return nil
}

// Enqueue enqueues it.
//
//bggen:route POST /store
func (l *Log) Enqueue(item string, bg *runtime.BackgroundTasks) { EnqueueLogStore(bg, item) }

// Health answers by itself, without anything to settle.
//
//bggen:route GET /health
func Health(w http.ResponseWriter, c Conn) { w.WriteHeader(http.StatusNoContent) }
