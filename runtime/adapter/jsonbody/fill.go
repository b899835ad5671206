package jsonbody

import "bytes"

// Fill returns JSON that was written from a Go value, with empty lists, objects and
// texts in place of null where s says that there are slices, maps and bytes. s need not
// have more. changed says whether there were any; if not, the result is data itself.
func Fill(data []byte, s *Shape) (filled []byte, changed bool) {
	if !bytes.Contains(data, []byte("null")) {
		return data, false
	}
	d, ok := newDocument(data)
	if !ok {
		return data, false // it was not written by encoding/json
	}
	f := filler{document: d}
	f.value(cursor{pos: d.skipSpace(0)}, s)
	if f.copied == 0 {
		return data, false
	}
	return append(f.out, data[f.copied:]...), true
}

type filler struct {
	document
	out    []byte
	copied int32  // how much of data is in out
	name   []byte // of a member
}

// value fills the value at c.
func (f *filler) value(c cursor, s *Shape) {
	null := f.at(c.pos) == 'n'
	switch s.kind {
	case nullable:
		if !null {
			f.value(c, s.elem)
		}
	case binary, list, dictionary:
		if null {
			f.replace(c, map[kind]string{binary: `""`, list: "[]", dictionary: "{}"}[s.kind])
			return
		}
		f.inside(c, s)
	case array, object:
		f.inside(c, s)
	}
}

func (f *filler) replace(c cursor, with string) {
	f.out = append(append(f.out, f.data[f.copied:c.pos]...), with...)
	f.copied = c.pos + int32(len("null"))
}

// inside fills what is in the list or the object at c.
func (f *filler) inside(c cursor, s *Shape) {
	switch {
	case s.kind == binary || s.kind != object && s.elem.kind == anything:
	case s.kind == list || s.kind == array:
		for c = f.document.inside(c); f.more(c); c = f.next(c) {
			f.value(c, s.elem)
		}
	default:
		s.once.Do(s.compile)
		for c = f.document.inside(c); f.more(c); {
			key, v := f.member(c)
			if s.kind == dictionary {
				f.value(v, s.elem)
			} else {
				f.name, _ = appendUnquoted(f.name[:0], key)
				if at, ok := s.exact[string(f.name)]; ok {
					f.value(v, s.fields[at].shape)
				}
			}
			c = f.next(v)
		}
	}
}
