package otel

import (
	"errors"
	"fmt"

	"github.com/bggen/bggen/runtime"
	"github.com/bggen/bggen/runtime/engine"
	"go.opentelemetry.io/otel/attribute"
	semconv "go.opentelemetry.io/otel/semconv/v1.43.0"
)

// errorType is the error.type of a failure: one of few values, since it is an
// attribute of metrics.
func errorType(err error) string {
	if _, ok := err.(*runtime.PanicError); ok {
		return "panic"
	}
	if err == errGoexit {
		return "goexit"
	}
	return semconv.ErrorType(unmarked(err)).Value.AsString()
}

// unmarked is err without runtime.Permanent and runtime.RetryAfter, which say
// what is to be done and not what has happened.
func unmarked(err error) error {
	for marked(err) {
		inner := errors.Unwrap(err)
		if inner == nil { // several errors in one
			return err
		}
		err = inner
	}
	return err
}

func marked(err error) bool {
	_, again := engine.RetryDelay(err)
	return again || engine.IsPermanent(err)
}

// exception is the attributes of the event that tells of a failure.
func exception(err error) []attribute.KeyValue {
	p, ok := err.(*runtime.PanicError)
	if !ok {
		return []attribute.KeyValue{
			semconv.ExceptionType(errorType(err)),
			semconv.ExceptionMessage(err.Error()),
		}
	}
	return []attribute.KeyValue{
		semconv.ExceptionType(fmt.Sprintf("%T", p.Value)),
		semconv.ExceptionMessage(fmt.Sprint(p.Value)),
		semconv.ExceptionStacktrace(string(p.Stack)),
	}
}
