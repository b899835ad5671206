package contract

import (
	"encoding/base64"
	"fmt"
	"maps"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"time"
)

// A drawer draws values that schemas allow.
type drawer struct {
	*rand.Rand
	schemas *schemas
}

// maxDepth is where values stop to have optional parts: schemas may refer to
// themselves.
const maxDepth = 6

// value draws a value of a schema.
func (d *drawer) value(schema any, depth int) any {
	s := d.schemas.object(schema)
	if list, ok := s["enum"].([]any); ok && len(list) > 0 {
		return list[d.IntN(len(list))]
	}
	if constant, ok := s["const"]; ok {
		return constant
	}
	if list := examplesOf(s); len(list) > 0 && d.IntN(2) == 0 {
		return list[d.IntN(len(list))]
	}
	for _, keyword := range []string{"oneOf", "anyOf"} {
		if list, ok := s[keyword].([]any); ok && len(list) > 0 {
			return d.value(list[d.IntN(len(list))], depth)
		}
	}
	if list, ok := s["allOf"].([]any); ok && len(list) > 0 {
		return d.all(s, list, depth)
	}
	types := typesOf(s)
	if len(types) == 0 {
		return d.text(0, 8)
	}
	kind := types[d.IntN(len(types))]
	if depth > maxDepth && slices.Contains(types, "null") {
		kind = "null"
	}
	switch kind {
	case "object":
		return d.object(s, depth)
	case "array":
		return d.array(s, depth)
	case "integer":
		return d.integer(s)
	case "number":
		return d.number(s)
	case "boolean":
		return d.IntN(2) == 0
	case "null":
		return nil
	}
	return d.string(s)
}

func examplesOf(s map[string]any) []any {
	list, _ := s["examples"].([]any)
	if example, ok := s["example"]; ok {
		list = append(slices.Clip(list), example)
	}
	return list
}

// all draws from schemas that hold together, as one schema.
func (d *drawer) all(s map[string]any, list []any, depth int) any {
	merged := maps.Clone(s)
	delete(merged, "allOf")
	properties, required := map[string]any{}, []any{}
	add := func(part map[string]any) {
		for k, v := range part {
			switch k {
			case "properties":
				maps.Copy(properties, d.schemas.object(v))
			case "required":
				names, _ := v.([]any)
				required = append(required, names...)
			default:
				merged[k] = v
			}
		}
	}
	add(s)
	for _, part := range list {
		add(d.schemas.object(part))
	}
	delete(merged, "allOf")
	if len(properties) > 0 {
		merged["properties"], merged["required"] = properties, required
	}
	return d.value(merged, depth)
}

func (d *drawer) object(s map[string]any, depth int) any {
	out := map[string]any{}
	properties := d.schemas.object(s["properties"])
	required, _ := s["required"].([]any)
	for _, name := range slices.Sorted(maps.Keys(properties)) {
		if slices.Contains(required, any(name)) || depth <= maxDepth && d.IntN(2) == 0 {
			out[name] = d.value(properties[name], depth+1)
		}
	}
	least := count(s, "minProperties", 0)
	if values := d.schemas.object(s["additionalProperties"]); values != nil && depth <= maxDepth {
		for i := range max(least, min(d.IntN(3), count(s, "maxProperties", 3))) {
			out[fmt.Sprintf("key%d", i)] = d.value(values, depth+1)
		}
	}
	return out
}

func (d *drawer) array(s map[string]any, depth int) any {
	least := count(s, "minItems", 0)
	most := count(s, "maxItems", least+3)
	if depth > maxDepth {
		most = least
	}
	out := []any{}
	for range least + d.IntN(min(most-least, 3)+1) {
		out = append(out, d.value(s["items"], depth+1))
	}
	return out
}

// limits returns the range of a number, which is that of its format where the
// schema says nothing narrower.
func limits(s map[string]any) (lowest, highest float64) {
	ranges := map[string][2]float64{
		"int8": {math.MinInt8, math.MaxInt8}, "int16": {math.MinInt16, math.MaxInt16}, "int32": {math.MinInt32, math.MaxInt32},
		"uint8": {0, math.MaxUint8}, "uint16": {0, math.MaxUint16}, "uint32": {0, math.MaxUint32}, "uint64": {0, 1 << 50}, "uint": {0, 1 << 50},
	}
	lowest, highest = -(1 << 50), 1<<50 // what a double holds exactly, with room for fractions
	if format, ok := s["format"].(string); ok {
		if r, ok := ranges[format]; ok {
			lowest, highest = r[0], r[1]
		}
	}
	if n, ok := number(s, "minimum"); ok {
		lowest = max(lowest, n)
	}
	if n, ok := number(s, "maximum"); ok {
		highest = min(highest, n)
	}
	return lowest, max(lowest, highest)
}

func (d *drawer) integer(s map[string]any) any {
	lowest, highest := limits(s)
	low, high := int64(math.Ceil(lowest)), int64(math.Floor(highest))
	if n, ok := number(s, "exclusiveMinimum"); ok {
		low = max(low, int64(math.Floor(n))+1)
	}
	if n, ok := number(s, "exclusiveMaximum"); ok {
		high = min(high, int64(math.Ceil(n))-1)
	}
	step := int64(1)
	if n, ok := number(s, "multipleOf"); ok && n >= 1 {
		step = int64(n)
	}
	if low > high {
		return low
	}
	n := [3]int64{low, high, low + d.Int64N(min(high-low, 1<<30)+1)}[d.IntN(3)] // the ends are where mistakes are
	if n%step != 0 {
		n -= n % step
		if n < low {
			n += step
		}
	}
	return n
}

func (d *drawer) number(s map[string]any) any {
	lowest, highest := limits(s)
	if n, ok := number(s, "exclusiveMinimum"); ok && n >= lowest {
		lowest = math.Nextafter(n, math.Inf(1))
	}
	if n, ok := number(s, "exclusiveMaximum"); ok && n <= highest {
		highest = math.Nextafter(n, math.Inf(-1))
	}
	if n, ok := number(s, "multipleOf"); ok && n > 0 {
		return math.Ceil(lowest/n) * n
	}
	return [3]float64{lowest, highest, lowest + d.Float64()*min(highest-lowest, 1000)}[d.IntN(3)]
}

func (d *drawer) string(s map[string]any) any {
	least := count(s, "minLength", 0)
	most := count(s, "maxLength", least+12)
	if pattern, ok := s["pattern"].(string); ok {
		return d.matching(pattern, least, most)
	}
	if encoding, ok := s["contentEncoding"].(string); ok && strings.HasPrefix(encoding, "base64") {
		return base64.StdEncoding.EncodeToString([]byte(d.text(0, 8)))
	}
	format, _ := s["format"].(string)
	if text := d.formatted(format); text != "" {
		return text
	}
	return d.text(least, most)
}

// formatted draws a text of a format; "" if the format is not known.
func (d *drawer) formatted(format string) string {
	at := time.Date(1970+d.IntN(100), time.Month(1+d.IntN(12)), 1+d.IntN(28), d.IntN(24), d.IntN(60), d.IntN(60), 0, time.UTC)
	name := fmt.Sprintf("host%d.example.com", d.IntN(100))
	switch format {
	case "date-time":
		return at.Format(time.RFC3339)
	case "date":
		return at.Format(time.DateOnly)
	case "time":
		return at.Format("15:04:05Z07:00")
	case "uuid":
		return fmt.Sprintf("%08x-%04x-4%03x-8%03x-%012x", d.Uint32(), d.IntN(1<<16), d.IntN(1<<12), d.IntN(1<<12), d.Int64N(1<<48))
	case "email":
		return "someone@" + name
	case "uri", "uri-reference", "url":
		return "https://" + name + "/path"
	case "hostname":
		return name
	case "ipv4":
		return fmt.Sprintf("192.0.2.%d", d.IntN(256))
	case "ipv6":
		return fmt.Sprintf("2001:db8::%x", 1+d.IntN(1<<16-1))
	case "byte":
		return base64.StdEncoding.EncodeToString([]byte(name))
	}
	return ""
}

// text draws any text, between least and most characters long. It has letters
// that need quotes and more than one byte, but none that a header cannot have.
func (d *drawer) text(least, most int) string {
	letters := []rune(`abcxyzABCXYZ0189 _-.,:/?&=+%"'<>äß€😀`)
	var text strings.Builder
	for range least + d.IntN(max(0, min(most-least, 12))+1) {
		text.WriteRune(letters[d.IntN(len(letters))])
	}
	return text.String()
}
