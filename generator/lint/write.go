package lint

import (
	"cmp"
	"slices"

	"golang.org/x/tools/go/ssa"
)

// A write is that of a value to a variable, or to a field of it.
type write struct {
	at      path
	value   ssa.Value
	element bool // of an array
}

// stored is what why says of a variable, or of what may be given other fields. Where
// nothing is written, it is what otherwise says. One write that is of use is enough:
// nothing is said then.
func (s *scope) stored(v ssa.Value, in *frame, at path, otherwise func() string) string {
	writes := s.writes(v)
	if of := structOf(v.Type()); len(at) == 0 && of != nil && len(writes) > 0 && s.linter.ended(v.Type()) == "" {
		for i := range of.NumFields() {
			if why := s.stored(v, in, path{i}, func() string { return s.fieldEnds(otherwise(), v.Type(), path{i}) }); why != "" {
				return why
			}
		}
		return ""
	}
	longest, why, elements := -1, "", false
	for _, w := range writes {
		if len(w.at) > len(at) || !slices.Equal(w.at, at[:len(w.at)]) || len(w.at) < longest {
			continue
		}
		reason := s.why(w.value, in, at[len(w.at):])
		if len(w.at) > longest {
			longest, why = len(w.at), reason
		} else if w.element || elements {
			why = cmp.Or(why, reason)
		} else if reason == "" || why == "" {
			why = ""
		}
		elements = elements || w.element
	}
	if longest < 0 {
		return otherwise()
	}
	return why
}

// writes are the writes to what v is the address of, or to fields of what it points
// to.
func (s *scope) writes(v ssa.Value) (list []write) {
	if known, ok := s.written[v]; ok {
		return known
	}
	seen := map[ssa.Value]bool{}
	var visit func(v ssa.Value, at path, element, address bool)
	visit = func(v ssa.Value, at path, element, address bool) {
		refs := v.Referrers()
		if refs == nil || seen[v] {
			return
		}
		seen[v] = true
		for _, instr := range *refs {
			switch instr := instr.(type) {
			case *ssa.Store:
				if instr.Addr == v && address {
					list = append(list, write{at, instr.Val, element})
				} else if instr.Val == v && len(at) == 0 {
					loads(instr.Addr, func(load ssa.Value) { visit(load, at, element, false) })
				}
			case *ssa.FieldAddr:
				visit(instr, append(slices.Clone(at), instr.Field), element, true)
			case *ssa.IndexAddr:
				visit(instr, at, true, true)
			case *ssa.MakeClosure:
				if free := bound(instr, v); address && free != nil {
					visit(free, at, element, true)
				}
			}
		}
	}
	_, local := v.(*ssa.Alloc)
	visit(v, nil, false, local)
	s.written[v] = list
	return list
}

// origin is what a variable was given first, where v is read from one.
func (s *scope) origin(v ssa.Value) ssa.Value {
	if of := variable(v); of != nil {
		if writes := s.writes(of); len(writes) > 0 {
			return writes[0].value
		}
	}
	return v
}

// variable is what v is read from, in closures as well, nil if that is no variable.
func variable(v ssa.Value) ssa.Value {
	switch v := v.(type) {
	case *ssa.UnOp:
		return variable(v.X)
	case *ssa.FreeVar:
		return variable(binding(v))
	case *ssa.Alloc:
		return v
	}
	return nil
}

// bound is what a closure has a variable as, nil if it does not use it.
func bound(made *ssa.MakeClosure, v ssa.Value) *ssa.FreeVar {
	if i := slices.Index(made.Bindings, v); i >= 0 {
		return made.Fn.(*ssa.Function).FreeVars[i]
	}
	return nil
}

// loads calls f for what is read from a variable, in closures as well.
func loads(v ssa.Value, f func(ssa.Value)) {
	switch v.(type) {
	case *ssa.Alloc, *ssa.FreeVar:
		for _, instr := range *v.Referrers() {
			switch instr := instr.(type) {
			case *ssa.UnOp:
				f(instr)
			case *ssa.MakeClosure:
				if free := bound(instr, v); free != nil {
					loads(free, f)
				}
			}
		}
	}
}
