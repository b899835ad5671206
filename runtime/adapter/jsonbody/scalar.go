package jsonbody

import (
	"encoding/base64"
	"encoding/json"
	"slices"
	"strconv"
)

// scalar looks at values that are no list and no object to the type which they are
// read into. The last one is left.
func (f *finder) scalar(s *Shape, values []member, quote, live bool) {
	want := s.want
	if quote {
		want += ", in a string"
	}
	wrong := false
	for i, m := range values {
		live := live && i == len(values)-1
		v, ok := f.read(s, m.cursor, quote)
		if !ok && !wrong {
			f.fail("type", want)
			wrong = true
		} else if ok && live {
			f.limits(s, v)
		}
		if ok && s.kind == binary {
			f.bytes(s, m.cursor, v, live)
		}
	}
}

// read reads one value. It reports false if encoding/json would not.
func (f *finder) read(s *Shape, c cursor, quote bool) (v value, ok bool) {
	begin := f.at(c.pos)
	switch {
	case quote:
		if begin != '"' {
			return v, false
		}
		inner, ok := appendUnquoted(nil, f.text(c))
		if !ok || len(inner) == 0 {
			return v, false
		}
		return f.literal(s, inner, true)
	case s.kind == selfJSON:
		return v, s.check(f.text(c)) == nil
	case s.kind == binary && begin == '[':
		return value{length: f.count(c)}, true
	case begin == '[' || begin == '{':
		return v, false
	}
	return f.literal(s, f.text(c), false)
}

// literal reads the text of a value.
func (f *finder) literal(s *Shape, item []byte, quote bool) (v value, ok bool) {
	var err error
	begin := item[0]
	isNumber := begin == '-' || '0' <= begin && begin <= '9'
	switch s.kind {
	case boolean:
		return v, string(item) == "true" || string(item) == "false"
	case integer:
		v.i, err = strconv.ParseInt(string(item), 10, s.size)
		return v, isNumber && err == nil
	case unsigned:
		v.u, err = strconv.ParseUint(string(item), 10, s.size)
		return v, isNumber && err == nil
	case float:
		v.f, err = strconv.ParseFloat(string(item), s.size)
		return v, isNumber && err == nil
	case number:
		if isNumber {
			return v, true
		}
		inner, ok := f.unquoted(item)
		return v, ok && isValidNumber(inner)
	case moment:
		return v, v.time.UnmarshalJSON(item) == nil
	case selfJSON: // in a string
		return v, s.check(item) == nil
	case text:
		if begin == '"' && len(s.limits) == 0 && !quote {
			return v, true
		}
	}
	if v.text, ok = f.unquoted(item); !ok {
		return v, false
	}
	switch s.kind {
	case selfText:
		return v, s.check(v.text) == nil
	case binary:
		f.scratch = slices.Grow(f.scratch, base64.StdEncoding.DecodedLen(len(v.text)))
		decoded := f.scratch[len(v.text):cap(f.scratch)]
		v.length, err = base64.StdEncoding.Decode(decoded, v.text)
		v.text = decoded[:v.length]
		return v, err == nil
	}
	return v, true
}

// bytes looks at what is in a list of bytes. Only what is left in the end has limits.
func (f *finder) bytes(s *Shape, c cursor, v value, live bool) {
	if !live {
		v.length = 0
	}
	if f.at(c.pos) == '[' {
		f.each(s, []member{{cursor: c}}, v.length)
		return
	}
	for i := 0; i < v.length && len(s.elem.limits) > 0 && !f.full; i++ {
		f.enter(step{Index: i})
		f.limits(s.elem, value{i: int64(v.text[i]), u: uint64(v.text[i])})
		f.leave()
	}
}

// unquoted is the text of a string.
func (f *finder) unquoted(item []byte) (text []byte, ok bool) {
	f.scratch, ok = appendUnquoted(f.scratch[:0], item)
	return f.scratch, ok
}

// isValidNumber reports whether a json.Number can have that text.
func isValidNumber(s []byte) bool {
	if len(s) == 0 || s[0] != '-' && (s[0] < '0' || s[0] > '9') {
		return false
	}
	end := s[len(s)-1]
	return '0' <= end && end <= '9' && json.Valid(s)
}
