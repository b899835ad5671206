package jsonbody

// item looks at one value in a list or a map.
func (f *finder) item(s *Shape, c cursor, live bool) {
	before := len(f.members)
	f.items(s, f.one(c), live)
	f.done(before)
}

// items looks at the values that are read into one item.
func (f *finder) items(s *Shape, values []member, live bool) {
	if f.value(s, values, live) || !live {
		return
	}
	if s.needs() {
		f.fail("missing", "is required")
	}
	f.Absent.addAll(s)
}

// list looks at lists that are read into one slice.
func (f *finder) list(s *Shape, values []member, live bool) {
	if values = f.keep(s, values, '['); len(values) == 0 {
		return
	}
	for i := len(values) - 1; i >= 0; i-- { // an empty list makes a new slice
		if f.more(f.inside(values[i].cursor)) {
			continue
		}
		f.each(s, values[:i], 0)
		values = values[i:]
		break
	}
	length := 0
	if live {
		length = f.count(values[len(values)-1].cursor)
		f.limits(s, value{length: length})
	}
	f.each(s, values, length)
}

// array looks at lists that are read into one array, which takes no more items
// than it has.
func (f *finder) array(s *Shape, values []member, live bool) {
	if values = f.keep(s, values, '['); len(values) == 0 {
		return
	}
	length := 0
	for _, m := range values {
		if length = f.count(m.cursor); length > s.size {
			f.fail("maxlen", lengthMessage("at most", s.size)(list))
		}
	}
	if !live {
		length = 0
	}
	f.each(s, values, length)
	for i := length; i < s.size && live; i++ {
		f.Absent.addAll(s.elem)
	}
}

// each looks at the items of lists that are read into one variable, of which
// length items are left in the end. encoding/json reads into the items that are
// there; in an array it clears those that a shorter list does not have.
func (f *finder) each(s *Shape, values []member, length int) {
	first := len(f.members)
	for _, m := range values {
		f.members = append(f.members, member{cursor: f.inside(m.cursor)})
	}
	lists := f.members[first:]
	before := len(f.members)
	for i := 0; !f.full && (s.kind != array || i < s.size); i++ {
		if lists = f.going(s, lists, i); len(lists) == 0 {
			break
		}
		f.members = append(f.members, lists...)
		f.enter(step{Index: i})
		f.items(s.elem, f.members[before:], i < length)
		f.leave()
		f.done(before)
		for j := range lists {
			lists[j].cursor = f.next(lists[j].cursor)
		}
	}
	f.done(first)
}

// going is the lists that have an item i. Those before one that has not are
// cleared, if they are read into an array: their items matter for their type alone.
func (f *finder) going(s *Shape, lists []member, i int) []member {
	going := lists[:0]
	for _, m := range lists {
		switch {
		case f.more(m.cursor):
			going = append(going, m)
		case s.kind == array:
			for _, m := range going {
				f.rest(s, m.cursor, i)
			}
			going = lists[:0]
		}
	}
	return going
}

// rest looks at the items of an array from c on, which are not left in the end.
func (f *finder) rest(s *Shape, c cursor, i int) {
	for ; i < s.size && f.more(c) && !f.full; i++ {
		f.enter(step{Index: i})
		f.item(s.elem, c, false)
		f.leave()
		c = f.next(c)
	}
}
