package jsonbody

import (
	"bytes"
	"math"
)

// A cursor is where a value begins.
type cursor struct {
	pos int32 // of its first byte
	box int32 // number of the first list or object that begins there or later
}

// A document is JSON that is valid, of which the end of each list and object is
// known, so that any value is passed over in one step.
type document struct {
	data []byte
	ends []cursor // of lists and objects, in the order in which they begin: what follows
}

// maxDepth is how deep encoding/json reads.
const maxDepth = 10_000

// newDocument finds the ends of lists and objects. It reports false for what
// encoding/json would not have read.
func newDocument(data []byte) (document, bool) {
	boxes := min(bytes.Count(data, []byte{'{'})+bytes.Count(data, []byte{'['}), len(data)/2+1)
	d := document{data: data, ends: make([]cursor, 0, boxes)}
	if len(data) > math.MaxInt32 {
		return d, false
	}
	var open []int32
	for i := 0; i < len(data); i++ {
		switch data[i] {
		case '"':
			i = d.stringEnd(i) - 1
		case '{', '[':
			open = append(open, int32(len(d.ends)))
			d.ends = append(d.ends, cursor{})
		case '}', ']':
			if len(open) == 0 {
				return d, false
			}
			d.ends[open[len(open)-1]] = cursor{int32(i + 1), int32(len(d.ends))}
			open = open[:len(open)-1]
		}
		if len(open) > maxDepth {
			return d, false
		}
	}
	return d, len(open) == 0
}

// stringEnd is what follows the string that begins at i.
func (d *document) stringEnd(i int) int {
	for i++; i < len(d.data); i++ {
		switch d.data[i] {
		case '"':
			return i + 1
		case '\\':
			i++
		}
	}
	return len(d.data)
}

// at is the byte at a position, 0 behind the last.
func (d *document) at(pos int32) byte {
	if int(pos) < len(d.data) {
		return d.data[pos]
	}
	return 0
}

// skipSpace is the next position that is no space.
func (d *document) skipSpace(pos int32) int32 {
	for {
		switch d.at(pos) {
		case ' ', '\t', '\r', '\n':
			pos++
		default:
			return pos
		}
	}
}

// after is what follows a value.
func (d *document) after(c cursor) cursor {
	switch d.at(c.pos) {
	case '{', '[':
		return d.ends[c.box]
	case '"':
		return cursor{int32(d.stringEnd(int(c.pos))), c.box}
	}
	for {
		switch d.at(c.pos) {
		case ',', '}', ']', ' ', '\t', '\r', '\n', 0:
			return c
		}
		c.pos++
	}
}

// text is the bytes of a value.
func (d *document) text(c cursor) []byte { return d.data[c.pos:d.after(c).pos] }

// inside is the first item or key in a list or an object, or its end.
func (d *document) inside(c cursor) cursor { return cursor{d.skipSpace(c.pos + 1), c.box + 1} }

// more reports whether there is an item or a key at c, and not the end.
func (d *document) more(c cursor) bool {
	switch d.at(c.pos) {
	case ']', '}', 0:
		return false
	}
	return true
}

// next is the item or key that follows a value, or the end.
func (d *document) next(c cursor) cursor {
	c = d.after(c)
	c.pos = d.skipSpace(c.pos)
	if d.at(c.pos) == ',' {
		c.pos = d.skipSpace(c.pos + 1)
	}
	return c
}

// member is the key at c, with its quotes, and the value that belongs to it.
func (d *document) member(c cursor) (key []byte, v cursor) {
	end := int32(d.stringEnd(int(c.pos)))
	key = d.data[c.pos:end]
	return key, cursor{d.skipSpace(d.skipSpace(end) + 1), c.box}
}

// count is how many items there are in a list.
func (d *document) count(c cursor) (n int) {
	for c = d.inside(c); d.more(c); c = d.next(c) {
		n++
	}
	return n
}
