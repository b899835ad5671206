// Package defined reads types that are defined as time.Duration and time.Time as these
// are read.
package defined

import (
	"fmt"
	"time"

	"github.com/bggen/bggen/testdata/ok/defined/clock"
)

// Timeout is how long to wait.
//
//bggen:type min=1s
type Timeout time.Duration

// Short is defined as a type that is defined as a duration.
type Short Timeout

// Of is a generic type that is defined as a duration.
type Of[T any] time.Duration

// Again is defined as an instance of one.
type Again[T any] Of[T]

// Count is an int64, and no duration.
type Count int64

// Wait takes them from the path and the query.
//
//bggen:route GET /wait/{timeout}
//bggen:param short query default=5s multiple=1s
//bggen:param pause query
//bggen:param pauses query=pause default=1s|2s
//bggen:param since query min=2026-01-01T00:00:00Z
//bggen:param until query default=2026-12-31T00:00:00Z
//bggen:param count query
//bggen:param of query
//bggen:param again query default=1m
func Wait(timeout Timeout, short Short, pause *clock.Pause, pauses []clock.Pause, since, until clock.Day, count *Count, of []Of[int], again Again[string]) string {
	return fmt.Sprint(time.Duration(timeout), time.Duration(short), pause != nil, len(pauses), since, until)
}

// Plan has them in a body, where they are numbers of nanoseconds, as encoding/json has
// durations.
type Plan struct {
	Timeout Timeout     `json:"timeout" required:"true" max:"1h"`
	Short   Short       `json:"short" default:"5s"`
	Pause   clock.Pause `json:"pause" min:"1ms"`
}

// Save takes a plan.
//
//bggen:route POST /plans
func Save(body Plan) Plan { return body }
