package adapter

import (
	"encoding"
	"errors"
	"math"
	"strconv"
	"strings"
	"time"
)

// Scalar has the types that are read from text, in a path or a query for
// example.
type Scalar interface {
	string | bool |
		int | int8 | int16 | int32 | int64 |
		uint | uint8 | uint16 | uint32 | uint64 | uintptr |
		float32 | float64 |
		time.Time | time.Duration
}

// parse reads a T, which is a [Scalar] or unmarshals text, from text. problem
// says for people what is wrong with the text, and is "" if nothing is.
func parse[T any](text string) (v T, problem string) {
	switch p := any(&v).(type) {
	case *string:
		*p = text
	case *bool:
		*p, problem = parseBool(text)
	case *int:
		*p, problem = parseInt[int](text, strconv.IntSize)
	case *int8:
		*p, problem = parseInt[int8](text, 8)
	case *int16:
		*p, problem = parseInt[int16](text, 16)
	case *int32:
		*p, problem = parseInt[int32](text, 32)
	case *int64:
		*p, problem = parseInt[int64](text, 64)
	case *uint:
		*p, problem = parseUint[uint](text, strconv.IntSize)
	case *uint8:
		*p, problem = parseUint[uint8](text, 8)
	case *uint16:
		*p, problem = parseUint[uint16](text, 16)
	case *uint32:
		*p, problem = parseUint[uint32](text, 32)
	case *uint64:
		*p, problem = parseUint[uint64](text, 64)
	case *uintptr:
		*p, problem = parseUint[uintptr](text, strconv.IntSize)
	case *float32:
		*p, problem = parseFloat[float32](text, 32)
	case *float64:
		*p, problem = parseFloat[float64](text, 64)
	case *time.Time:
		var err error
		if *p, err = time.Parse(time.RFC3339, text); err != nil {
			problem = "must be a time such as 2006-01-02T15:04:05Z"
		}
	case *time.Duration:
		var err error
		if *p, err = time.ParseDuration(text); err != nil {
			problem = "must be a duration such as 1h30m"
		}
	default:
		return unmarshal[T](text)
	}
	return v, problem
}

// unmarshal is parse for a type that unmarshals text. It is apart, so that the
// values of the others stay on the stack.
func unmarshal[T any](text string) (v T, problem string) {
	if err := any(&v).(encoding.TextUnmarshaler).UnmarshalText([]byte(text)); err != nil {
		problem = "is not valid"
	}
	return v, problem
}

func parseBool(text string) (bool, string) {
	switch strings.ToLower(text) {
	case "1", "t", "true", "on", "y", "yes":
		return true, ""
	case "0", "f", "false", "off", "n", "no":
		return false, ""
	}
	return false, "must be true or false"
}

func parseInt[T int | int8 | int16 | int32 | int64](text string, bits int) (T, string) {
	n, err := strconv.ParseInt(text, 10, bits)
	return T(n), numberProblem(err, "must be an integer")
}

func parseUint[T uint | uint8 | uint16 | uint32 | uint64 | uintptr](text string, bits int) (T, string) {
	n, err := strconv.ParseUint(text, 10, bits)
	return T(n), numberProblem(err, "must be an integer that is not negative")
}

// parseFloat takes no NaN and no infinity: they pass every comparison with a
// limit, or cannot be written as JSON.
func parseFloat[T float32 | float64](text string, bits int) (T, string) {
	n, err := strconv.ParseFloat(text, bits)
	if err == nil && (math.IsNaN(n) || math.IsInf(n, 0)) {
		return 0, "must be a number"
	}
	return T(n), numberProblem(err, "must be a number")
}

func numberProblem(err error, syntax string) string {
	switch {
	case err == nil:
		return ""
	case errors.Is(err, strconv.ErrRange):
		return "is out of range"
	}
	return syntax
}
