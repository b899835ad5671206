package jsonbody

// An Absent is which fields that have a default were absent, in the order in which
// they are reached: the fields of an object in their order, and what is in a field
// where it is; the items of a list one after the other. What is absent and no
// pointer, list or map has all its fields absent. What is in a map is left out,
// since a map has no order.
//
// Generated code goes over the value that was decoded in the same order, and asks
// Next once for each field with a default.
type Absent struct {
	bits []uint64
	n    int // bits that were added
	next int
}

func (a *Absent) add(absent bool) {
	if a == nil {
		return
	}
	if a.n%64 == 0 {
		a.bits = append(a.bits, 0)
	}
	if absent {
		a.bits[a.n/64] |= 1 << (a.n % 64)
	}
	a.n++
}

// Next reports whether the next field was absent.
func (a *Absent) Next() bool {
	if a.next >= a.n {
		return false
	}
	bit := a.bits[a.next/64] >> (a.next % 64) & 1
	a.next++
	return bit == 1
}

// holdsDefaults reports whether a variable of shape s has fields with a default
// whatever was read into it.
func (s *Shape) holdsDefaults() bool {
	switch s.kind {
	case array:
		return s.elem.holdsDefaults()
	case object:
		for _, m := range s.fields {
			if m.defaults || m.shape.holdsDefaults() {
				return true
			}
		}
	}
	return false
}

// addAll notes that all fields in s with a default are absent.
func (a *Absent) addAll(s *Shape) {
	if a == nil || !s.holdsDefaults() {
		return
	}
	for range s.size { // of an array
		a.addAll(s.elem)
	}
	for _, m := range s.fields {
		if m.defaults {
			a.add(true)
		} else {
			a.addAll(m.shape)
		}
	}
}
