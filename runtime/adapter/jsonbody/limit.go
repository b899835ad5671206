package jsonbody

import (
	"cmp"
	"fmt"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// A Limit is what a value has to be beside its type.
type Limit struct {
	code    string
	message func(kind) string
	holds   func(value) bool
}

// A value is what was read, as the kind of its shape has it.
type value struct {
	kind   kind
	i      int64
	u      uint64
	f      float64
	text   []byte
	time   time.Time
	length int // of a list, a map or bytes
}

// A Numeric is the type of a limit for numbers. It is the type of the field, as
// far as it matters: a float32 is compared with a float32.
type Numeric interface {
	int | int64 | uint64 | float32 | float64 | time.Duration
}

// Min is a number, which is the least.
func Min[T Numeric](n T) Limit {
	return numeric("min", "must be at least ", n, func(c int) bool { return c >= 0 })
}

// Max is a number, which is the greatest.
func Max[T Numeric](n T) Limit {
	return numeric("max", "must be at most ", n, func(c int) bool { return c <= 0 })
}

// Gt is a number that is less than all values.
func Gt[T Numeric](n T) Limit {
	return numeric("gt", "must be greater than ", n, func(c int) bool { return c > 0 })
}

// Lt is a number that is greater than all values.
func Lt[T Numeric](n T) Limit {
	return numeric("lt", "must be less than ", n, func(c int) bool { return c < 0 })
}

func numeric[T Numeric](code, want string, n T, holds func(int) bool) Limit {
	limit := valueOf(n)
	return Limit{code, always(want + format(n)), func(v value) bool { return holds(compare(v, limit)) }}
}

// Multiple is a number that all values are a multiple of.
func Multiple[T Numeric](n T) Limit {
	of := valueOf(n)
	return Limit{"multiple", always("must be a multiple of " + format(n)), func(v value) bool {
		switch {
		case v.kind == float:
			return IsMultiple(v.f, of.float())
		case v.kind == unsigned:
			return v.u%max(of.u, 1) == 0
		}
		return v.i%max(of.i, 1) == 0
	}}
}

// IsMultiple reports whether v is a multiple of n, but for what floating point
// cannot tell.
func IsMultiple(v, n float64) bool {
	times := v / n
	return math.Abs(times-math.Round(times)) <= 1e-9*max(1, math.Abs(times))
}

// NotBefore is the least time.
func NotBefore(t time.Time) Limit {
	return Limit{"min", always("must be at least " + t.Format(time.RFC3339Nano)), func(v value) bool { return !v.time.Before(t) }}
}

// NotAfter is the greatest time.
func NotAfter(t time.Time) Limit {
	return Limit{"max", always("must be at most " + t.Format(time.RFC3339Nano)), func(v value) bool { return !v.time.After(t) }}
}

// MinLen is the least length: of a string in characters, of a list or a map in
// items.
func MinLen(n int) Limit {
	return Limit{"minlen", lengthMessage("at least", n), func(v value) bool { return lengthOf(v) >= n }}
}

// MaxLen is the greatest length.
func MaxLen(n int) Limit {
	return Limit{"maxlen", lengthMessage("at most", n), func(v value) bool { return lengthOf(v) <= n }}
}

// Pattern is what a string has to match.
func Pattern(re *regexp.Regexp) Limit {
	return Limit{"pattern", always("must match " + re.String()), func(v value) bool { return re.Match(v.text) }}
}

// Enum is all values that there are.
func Enum[T Numeric | string](values ...T) Limit {
	texts, all := make([]string, len(values)), make([]value, len(values))
	for i, v := range values {
		texts[i], all[i] = format(v), valueOf(v)
	}
	return Limit{"enum", always("must be one of " + strings.Join(texts, ", ")), func(v value) bool {
		return slices.ContainsFunc(all, func(one value) bool { return compare(v, one) == 0 })
	}}
}

func always(message string) func(kind) string { return func(kind) string { return message } }

func lengthMessage(bound string, n int) func(kind) string {
	return func(k kind) string {
		unit := "item"
		switch k {
		case text, selfText:
			unit = "character"
		case binary:
			unit = "byte"
		}
		if n != 1 {
			unit += "s"
		}
		return fmt.Sprintf("must have %s %d %s", bound, n, unit)
	}
}

func lengthOf(v value) int {
	if v.kind == text || v.kind == selfText {
		return utf8.RuneCount(v.text)
	}
	return v.length
}

func valueOf[T Numeric | string](n T) value {
	switch n := any(n).(type) {
	case int:
		return value{kind: integer, i: int64(n), u: uint64(max(n, 0))}
	case time.Duration:
		return valueOf(int64(n))
	case int64:
		return value{kind: integer, i: n, u: uint64(max(n, 0))}
	case uint64:
		return value{kind: unsigned, i: int64(min(n, math.MaxInt64)), u: n}
	case float32:
		return value{kind: float, f: float64(n)}
	case float64:
		return value{kind: float, f: n}
	}
	return value{kind: text, text: []byte(any(n).(string))}
}

func (v value) float() float64 {
	switch v.kind {
	case integer:
		return float64(v.i)
	case unsigned:
		return float64(v.u)
	}
	return v.f
}

// compare compares a value with a limit.
func compare(v, limit value) int {
	switch {
	case v.kind == text || v.kind == selfText:
		return strings.Compare(string(v.text), string(limit.text))
	case v.kind == float || limit.kind == float:
		return cmp.Compare(v.float(), limit.float())
	case v.kind == unsigned && limit.kind == unsigned:
		return cmp.Compare(v.u, limit.u)
	case v.kind == unsigned && (limit.i < 0 || v.u > math.MaxInt64):
		return 1
	case v.kind == unsigned:
		return cmp.Compare(int64(v.u), limit.i)
	case limit.kind == unsigned && limit.u > math.MaxInt64:
		return -1
	}
	return cmp.Compare(v.i, limit.i)
}

func format[T Numeric | string](n T) string {
	switch n := any(n).(type) {
	case string:
		return n
	case time.Duration: // which JSON has in nanoseconds
		return fmt.Sprintf("%d (%v)", int64(n), n)
	case float32:
		return formatFloat(float64(n), 32)
	case float64:
		return formatFloat(n, 64)
	}
	return fmt.Sprint(n)
}

func formatFloat(f float64, bits int) string {
	if size := math.Abs(f); size != 0 && (size < 1e-6 || size >= 1e21) {
		return strconv.FormatFloat(f, 'g', -1, bits)
	}
	return strconv.FormatFloat(f, 'f', -1, bits)
}
