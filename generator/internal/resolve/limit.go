package resolve

import (
	"fmt"
	"go/types"
	"math/big"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/bggen/bggen/generator/internal/diag"
	"github.com/bggen/bggen/generator/internal/gotype"
	"github.com/bggen/bggen/generator/internal/model"
	"github.com/bggen/bggen/generator/internal/scan"
)

// checks makes comparisons of the limits of a parameter, or complains of those
// that mean nothing for its type.
func (g *graph) checks(p scan.Param, spec scan.ParamSpec, b *model.Binding) {
	for _, limit := range spec.Limits {
		c, problem := checkOf(limit, b)
		if problem != "" {
			g.failed = true
			g.report(diag.New(diag.BadParam, limit.Range, "%s= of %q, of type %s: %s", limit.Kind, p.Name, g.typeString(p.Type), problem)).
				WithRelated(p.Start, "%s", p.Name).
				WithHint("%s", limitHint)
			continue
		}
		b.Checks = append(b.Checks, c)
	}
}

const limitHint = "min and max are of numbers, times and durations, gt, lt and multiple of numbers and durations, pattern of strings, minlen and maxlen of strings and lists, enum of strings and numbers: enum=a|b"

func isNot(value string, t types.Type) string {
	switch {
	case gotype.IsTime(t):
		return fmt.Sprintf("%q is not a time: write 2026-01-31T00:00:00Z", value)
	case gotype.IsDuration(t):
		return fmt.Sprintf("%q is not a duration: write 30s", value)
	}
	name, article := t.Underlying().String(), "a"
	if strings.HasPrefix(name, "int") {
		article = "an"
	}
	return fmt.Sprintf("%q is not %s %s", value, article, name)
}

func checkOf(limit scan.Limit, b *model.Binding) (c model.Check, problem string) {
	c = model.Check{Kind: limit.Kind, Args: []string{limit.Value}, List: b.Form == model.Repeated || b.Form == model.Files}
	basic, ok := b.Type.Underlying().(*types.Basic)
	isString := ok && basic.Info()&types.IsString != 0
	isNumber := ok && basic.Info()&types.IsNumeric != 0
	isTime := gotype.IsTime(b.ReadAs()) && (limit.Kind == "min" || limit.Kind == "max")
	switch {
	case b.Form == model.File:
		return c, "a file has no limit but maxbody= of the route"
	case b.Elem == model.Text && !c.List:
		return c, "a type that reads itself checks itself"
	case c.List && limit.Kind != "minlen" && limit.Kind != "maxlen":
		return c, "a list has only minlen= and maxlen="
	}
	switch limit.Kind {
	case "min", "max", "gt", "lt", "multiple":
		if !isNumber && !isTime {
			return c, "it is no number"
		}
		if c.Args[0], ok = literal(b.ReadAs(), limit.Value); !ok {
			return c, isNot(limit.Value, b.ReadAs())
		}
		if isNumber && isNoLimit(basic, limit) {
			return c, "every value is within it"
		}
		if limit.Kind == "multiple" && strings.TrimLeft(limit.Value, "0.smhnu") == "" {
			return c, "nothing is a multiple of 0"
		}
		c.Message = messages[limit.Kind] + limit.Value
	case "minlen", "maxlen":
		n, err := strconv.Atoi(limit.Value)
		if !c.List && !isString {
			return c, "a string or a list has a length"
		}
		if err != nil || n < 0 {
			return c, fmt.Sprintf("%q is no length: write a whole number, such as 10", limit.Value)
		}
		if limit.Kind == "minlen" && n == 0 {
			return c, "every length is within it"
		}
		c.Args[0], c.Message = strconv.Itoa(n), lengthMessage(limit.Kind, n, c.List)
	case "pattern":
		if !isString {
			return c, "a pattern is for a string"
		}
		if _, err := regexp.Compile(limit.Value); err != nil {
			return c, "no regular expression (RE2): " + strings.TrimPrefix(err.Error(), "error parsing regexp: ")
		}
		c.Args[0] = strconv.Quote(limit.Value)
		c.Message = "must match " + limit.Value
	case "enum":
		if !isString && !isNumber {
			return c, "it is neither a string nor a number"
		}
		values := strings.Split(limit.Value, "|")
		if len(values) == 1 && strings.Contains(limit.Value, ",") {
			return c, "it is a single value with a comma in it"
		}
		c.Args = nil
		for _, value := range values {
			text, ok := literal(b.ReadAs(), value)
			if !ok {
				return c, isNot(value, b.ReadAs())
			}
			if slices.Contains(c.Args, text) {
				return c, fmt.Sprintf("%q is in it twice", value)
			}
			c.Args = append(c.Args, text)
		}
		c.Message = "must be one of " + strings.Join(values, ", ")
	}
	return c, ""
}

// messages are those of limits of numbers, before the number.
var messages = map[string]string{
	"min": "must be at least ", "max": "must be at most ", "gt": "must be greater than ", "lt": "must be less than ",
	"multiple": "must be a multiple of ",
}

// isNoLimit reports whether an integer has no value on the other side.
func isNoLimit(t *types.Basic, limit scan.Limit) bool {
	n, ok := new(big.Int).SetString(limit.Value, 10)
	if !ok || t.Info()&types.IsInteger == 0 {
		return false
	}
	switch limit.Kind {
	case "min":
		n.Sub(n, big.NewInt(1))
	case "max":
		n.Add(n, big.NewInt(1))
	case "multiple":
		return n.IsInt64() && n.Int64() == 1
	}
	_, ok = literal(t, n.String())
	return !ok
}

func lengthMessage(kind string, n int, list bool) string {
	unit := "character"
	if list {
		unit = "item"
	}
	if n != 1 {
		unit += "s"
	}
	if kind == "minlen" {
		return fmt.Sprintf("must have at least %d %s", n, unit)
	}
	return fmt.Sprintf("must have at most %d %s", n, unit)
}

// violated is a limit that the default is not within, nil if there is none.
func violated(b *model.Binding) *model.Check {
	if b.Form != model.Default {
		return nil
	}
	text, isText := b.Or, false
	if unquoted, err := strconv.Unquote(b.Or); err == nil {
		text, isText = unquoted, true
	}
	for i, c := range b.Checks {
		bad := false
		switch c.Kind {
		case "min", "max", "gt", "lt", "multiple":
			bad = isOutside(c.Kind, numberOf(b.ReadAs(), b.Or), numberOf(b.ReadAs(), c.Args[0]))
		case "minlen", "maxlen":
			n, _ := strconv.Atoi(c.Args[0])
			length := utf8.RuneCountInString(text)
			bad = c.Kind == "minlen" && length < n || c.Kind == "maxlen" && length > n
		case "pattern":
			pattern, _ := strconv.Unquote(c.Args[0])
			bad = isText && !regexp.MustCompile(pattern).MatchString(text)
		case "enum":
			bad = !slices.Contains(c.Args, b.Or)
		}
		if bad {
			return &b.Checks[i]
		}
	}
	return nil
}

// numberOf is a literal as a number, which may be that of nanoseconds.
func numberOf(t types.Type, literal string) *big.Rat {
	text, err := strconv.Unquote(literal)
	switch {
	case err == nil && gotype.IsTime(t):
		v, _ := time.Parse(time.RFC3339, text)
		return new(big.Rat).SetInt64(v.UnixNano())
	case err == nil:
		v, _ := time.ParseDuration(text)
		return new(big.Rat).SetInt64(int64(v))
	}
	number, _ := new(big.Rat).SetString(literal)
	return number
}

// isOutside reports whether a number is not within a limit.
func isOutside(kind string, value, limit *big.Rat) bool {
	switch c := value.Cmp(limit); kind {
	case "min":
		return c < 0
	case "max":
		return c > 0
	case "gt":
		return c <= 0
	case "lt":
		return c >= 0
	}
	return !new(big.Rat).Quo(value, limit).IsInt()
}
