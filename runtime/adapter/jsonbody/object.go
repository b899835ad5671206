package jsonbody

import (
	"slices"
	"strconv"
	"strings"
)

// object looks at the members of objects that are read into one struct, in the
// order of its fields.
func (f *finder) object(s *Shape, values []member, live bool) {
	s.once.Do(s.compile)
	if values = f.keep(s, values, '{'); len(values) == 0 {
		return
	}
	first := len(f.members)
	for _, m := range values {
		f.collect(s, m.cursor)
	}
	members := f.members[first:]
	if !slices.IsSortedFunc(members, byField) {
		slices.SortStableFunc(members, byField)
	}
	must := s.must
	for len(members) > 0 && !f.full {
		field, same := int(members[0].field), 1
		for same < len(members) && int(members[same].field) == field {
			same++
		}
		for ; len(must) > 0 && must[0] < field; must = must[1:] {
			f.absent(s.fields[must[0]], live)
		}
		f.field(s.fields[field], members[:same], live)
		if len(must) > 0 && must[0] == field {
			must = must[1:]
		}
		members = members[same:]
	}
	for ; len(must) > 0 && !f.full; must = must[1:] {
		f.absent(s.fields[must[0]], live)
	}
	f.done(first)
}

// field looks at the values that are read into one field.
func (f *finder) field(m Member, values []member, live bool) {
	f.enter(step{Field: m.name})
	present := f.value(m.shape, values, live)
	f.leave()
	if !present {
		f.absent(m, live)
	} else if live && m.defaults {
		f.Absent.add(false)
	}
}

// collect notes the members of an object that are fields.
func (f *finder) collect(s *Shape, c cursor) {
	for c = f.inside(c); f.more(c) && !f.full; {
		key, v := f.member(c)
		if field := s.field(f.name(key), f.folded()); field >= 0 {
			f.members = append(f.members, member{v, int32(field)})
		} else if f.Strict && !f.known(key) {
			f.enter(step{Key: key})
			f.fail("unknown", "is not known here")
			f.leave()
		}
		c = f.next(v)
	}
}

// known reports whether a member of the body itself is read by something else.
func (f *finder) known(key []byte) bool {
	name := string(f.name(key))
	return len(f.path) == 0 && slices.ContainsFunc(f.Known, func(known string) bool { return strings.EqualFold(known, name) })
}

// name is the text of a key.
func (f *finder) name(key []byte) []byte {
	f.scratch, _ = appendUnquoted(f.scratch[:0], key)
	return f.scratch
}

// folded is room for a folded name behind the one that name has returned.
func (f *finder) folded() []byte {
	f.scratch = slices.Grow(f.scratch, len(f.scratch)*2)
	return f.scratch[len(f.scratch):]
}

// absent says that a field is absent.
func (f *finder) absent(m Member, live bool) {
	if !live {
		return
	}
	switch {
	case m.required:
		f.enter(step{Field: m.name})
		f.fail("missing", "is required")
		f.leave()
	case m.defaults:
		f.Absent.add(true)
	default:
		f.Absent.addAll(m.shape)
	}
}

// dictionary looks at the members of objects that are read into one map. Of the
// same key, the last one is left.
func (f *finder) dictionary(s *Shape, values []member, live bool) {
	s.once.Do(s.compile)
	if values = f.keep(s, values, '{'); len(values) == 0 {
		return
	}
	var last map[string]int
	if live && s.limited {
		last = f.keys(s, values)
		f.limits(s, value{length: len(last)})
	}
	absent, n := f.Absent, 0
	f.Absent = nil
	for _, m := range values {
		for c := f.inside(m.cursor); f.more(c) && !f.full; {
			raw, v := f.member(c)
			f.enter(step{Key: raw})
			key, ok := f.key(s.key, raw)
			live := ok && last != nil && last[string(key)] == n
			if !ok {
				f.fail("type", "its key "+s.key.want)
			}
			f.item(s.elem, v, live)
			f.leave()
			n++
			c = f.next(v)
		}
	}
	f.Absent = absent
}

// keys is the number of the last member with each key.
func (f *finder) keys(s *Shape, values []member) map[string]int {
	last, n := map[string]int{}, 0
	for _, m := range values {
		for c := f.inside(m.cursor); f.more(c); {
			raw, v := f.member(c)
			if key, ok := f.key(s.key, raw); ok {
				last[string(key)] = n
			}
			n++
			c = f.next(v)
		}
	}
	return last
}

// key is the text of a key in a map, the same for all that are the same key. It
// reports false if it is none.
func (f *finder) key(s *Shape, raw []byte) ([]byte, bool) {
	name := f.name(raw)
	switch s.kind {
	case integer:
		n, err := strconv.ParseInt(string(name), 10, s.size)
		return strconv.AppendInt(name[:0], n, 10), err == nil
	case unsigned:
		n, err := strconv.ParseUint(string(name), 10, s.size)
		return strconv.AppendUint(name[:0], n, 10), err == nil
	case selfText:
		return name, s.check(name) == nil
	}
	return name, true
}
