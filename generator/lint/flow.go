package lint

import (
	"cmp"
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"
)

// buildSSA has the package in SSA form, and notes which value each expression has.
func (l *linter) buildSSA() {
	prog := ssa.NewProgram(l.Fset, ssa.GlobalDebug)
	for _, p := range l.Pkg.Imports() {
		prog.CreatePackage(p, nil, nil, true)
	}
	pkg := prog.CreatePackage(l.Pkg, l.Files, l.TypesInfo, false)
	pkg.Build()
	l.prog = prog
	for f := range l.decls {
		l.noteValues(prog.FuncValue(f))
	}
	l.noteValues(pkg.Func("init"))
}

// noteValues notes the values of the expressions in a function.
func (l *linter) noteValues(fn *ssa.Function) {
	for _, block := range fn.Blocks {
		for _, instr := range block.Instrs {
			if ref, ok := instr.(*ssa.DebugRef); ok && (!ref.IsAddr || l.values[ref.Expr] == nil) {
				l.values[ref.Expr] = ref.X
			}
		}
	}
	for _, anon := range fn.AnonFuncs {
		l.noteValues(anon)
	}
}

// A frame is a call, in which the parameters of a function have values.
type frame struct {
	fn    *ssa.Function
	args  []ssa.Value // the receiver first
	up    *frame      // where these are evaluated
	depth int
}

// call is the frame of a call, nil if it is of no function of this package, or too
// deep.
func (in *frame) call(c *ssa.CallCommon) *frame {
	fn := c.StaticCallee()
	if fn == nil {
		return nil
	}
	return in.enter(fn, c.Args)
}

func (in *frame) enter(fn *ssa.Function, args []ssa.Value) *frame {
	depth := 1
	if in != nil {
		depth = in.depth + 1
	}
	if fn.Origin() != nil {
		fn = fn.Origin()
	}
	if fn.Blocks == nil || depth > 4 || len(args) != len(fn.Params) {
		return nil
	}
	return &frame{fn, args, in, depth}
}

// A query asks about a value, or the field of it at a path.
type query struct {
	v    ssa.Value
	in   *frame
	path string
}

// A path leads from a struct to a field, by indices.
type path []int

func (p path) String() string {
	text := make([]rune, len(p))
	for i, n := range p {
		text[i] = rune('0' + n)
	}
	return string(text)
}

// why says why a value, or what is at a path in it, is of no use when a task runs,
// "" if it is of use.
func (s *scope) why(v ssa.Value, in *frame, at path) string {
	if isData(fieldAt(v.Type(), at)) {
		return ""
	}
	q := query{v, in, at.String()}
	if s.asked[q] {
		return ""
	}
	s.asked[q] = true
	defer delete(s.asked, q)
	switch v := v.(type) {
	case *ssa.Parameter:
		return s.parameter(v, in, at)
	case *ssa.FreeVar:
		if b := binding(v); b != nil {
			return s.why(b, in, at)
		}
	case *ssa.Alloc:
		if _, pointer := v.Type().Underlying().(*types.Pointer).Elem().Underlying().(*types.Struct); pointer && s.detaches(v.Type()) {
			return ""
		}
		return s.stored(v, in, at, func() string { return "" })
	case *ssa.UnOp:
		if v.Op == token.MUL {
			return s.why(v.X, in, at)
		}
	case *ssa.FieldAddr:
		return s.why(v.X, in, append(path{v.Field}, at...))
	case *ssa.Field:
		return s.why(v.X, in, append(path{v.Field}, at...))
	case *ssa.Call:
		return s.stored(v, in, at, func() string { return s.result(v, 0, in, at) })
	case *ssa.Extract:
		return s.stored(v, in, at, func() string { return s.extracted(v, in, at) })
	case *ssa.MakeClosure:
		return s.closed(v, in)
	case *ssa.Phi:
		return s.each(v.Edges, in, at)
	default:
		if x := operand(v); x != nil {
			return s.why(x, in, at)
		}
	}
	return ""
}

// operand is what a value is made of that is the same value in another type, or an
// element of it.
func operand(v ssa.Value) ssa.Value {
	switch v := v.(type) {
	case *ssa.MakeInterface:
		return v.X
	case *ssa.ChangeInterface:
		return v.X
	case *ssa.ChangeType:
		return v.X
	case *ssa.Convert:
		return v.X
	case *ssa.TypeAssert:
		return v.X
	case *ssa.Slice:
		return v.X
	case *ssa.Index:
		return v.X
	case *ssa.IndexAddr:
		return v.X
	case *ssa.Lookup:
		return v.X
	}
	return nil
}

// each is ends for one of several values: "" if one of them is of use.
func (s *scope) each(list []ssa.Value, in *frame, at path) (why string) {
	for _, v := range list {
		if c, ok := v.(*ssa.Const); ok && c.IsNil() {
			continue
		}
		reason := s.why(v, in, at)
		if reason == "" && !s.asked[query{v, in, at.String()}] {
			return ""
		}
		why = cmp.Or(why, reason)
	}
	return why
}

// binding is the variable that a closure has from around it.
func binding(v *ssa.FreeVar) ssa.Value {
	fn := v.Parent()
	for _, block := range fn.Parent().Blocks {
		for _, instr := range block.Instrs {
			if made, ok := instr.(*ssa.MakeClosure); ok && made.Fn == fn {
				return made.Bindings[slices.Index(fn.FreeVars, v)]
			}
		}
	}
	return nil
}

// parameter is ends for what a function is given.
func (s *scope) parameter(v *ssa.Parameter, in *frame, at path) string {
	for ; in != nil; in = in.up {
		if in.fn == v.Parent() {
			return s.why(in.args[slices.Index(in.fn.Params, v)], in.up, at)
		}
	}
	if s.asking != nil && within(s.asking, v.Pos()) {
		return "" // its own
	}
	return s.stored(v, in, at, func() string {
		if parts, ok := s.parts[v.Object()]; ok {
			if len(at) == 0 {
				return whole(parts)
			}
			return s.fieldOf(parts[structOf(v.Type()).Field(at[0]).Name()], structOf(v.Type()).Field(at[0]).Type(), at[1:])
		}
		return s.fieldOf(s.ended[v.Object()], v.Type(), at)
	})
}

// fieldOf is why what is at a path is of no use, of a value of type t that is not
// for that reason.
func (s *scope) fieldOf(why string, t types.Type, at path) string {
	for _, i := range at {
		of := structOf(t)
		if of == nil || why == "" {
			return ""
		}
		f := of.Field(i)
		switch {
		case isHTTPRequest(t):
			if f.Name() != "Body" && f.Name() != "MultipartForm" {
				return ""
			}
		case s.linter.ended(f.Type()) == "" && !isContext(f.Type()) && !s.holdsEnded(f.Type(), 0):
			return ""
		}
		t = f.Type()
	}
	return why
}

// A write is that of a value to a variable, or to a field of it.
type write struct {
	at      path
	value   ssa.Value
	element bool // of an array
}

// stored is ends for a variable, or what a variable is given: fields may have been
// given other values. It is as otherwise says where none has.
func (s *scope) stored(v ssa.Value, in *frame, at path, otherwise func() string) string {
	writes := s.writes(v)
	_, local := v.(*ssa.Alloc)
	if of := structOf(v.Type()); len(at) == 0 && of != nil && len(writes) > 0 && s.linter.ended(v.Type()) == "" && !(local && isCell(v)) {
		for i := range of.NumFields() {
			if why := s.stored(v, in, path{i}, func() string { return s.fieldOf(otherwise(), v.Type(), path{i}) }); why != "" {
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

// isCell reports whether an Alloc is a variable that holds a pointer or an interface.
func isCell(v ssa.Value) bool {
	_, ok := v.Type().Underlying().(*types.Pointer).Elem().Underlying().(*types.Struct)
	return !ok
}

// writes are the writes to what v is the address of, or to fields of what it points
// to.
func (s *scope) writes(v ssa.Value) (list []write) {
	if known, ok := s.written[v]; ok {
		return known
	}
	s.written[v] = nil
	var visit func(v ssa.Value, at path, element, address bool)
	visit = func(v ssa.Value, at path, element, address bool) {
		refs := v.Referrers()
		if refs == nil {
			return
		}
		for _, instr := range *refs {
			switch instr := instr.(type) {
			case *ssa.Store:
				if instr.Addr == v && address {
					list = append(list, write{at, instr.Val, element})
				} else if instr.Val == v && len(at) == 0 {
					s.loads(instr.Addr, func(load ssa.Value) { visit(load, at, element, false) })
				}
			case *ssa.FieldAddr:
				visit(instr, append(slices.Clone(at), instr.Field), element, true)
			case *ssa.IndexAddr:
				visit(instr, at, true, true)
			case *ssa.MakeClosure:
				if address {
					for i, b := range instr.Bindings {
						if b == v {
							visit(instr.Fn.(*ssa.Function).FreeVars[i], at, element, true)
						}
					}
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
	switch v := v.(type) {
	case *ssa.UnOp:
		return s.origin(v.X)
	case *ssa.FreeVar:
		return s.origin(binding(v))
	case *ssa.Alloc:
		if writes := s.writes(v); len(writes) > 0 {
			return writes[0].value
		}
	}
	return v
}

// loads calls f for what is read from a variable, in closures as well.
func (s *scope) loads(cell ssa.Value, f func(ssa.Value)) {
	if refs := cell.Referrers(); refs != nil {
		switch cell.(type) {
		case *ssa.Alloc, *ssa.FreeVar:
		default:
			return
		}
		for _, instr := range *refs {
			switch instr := instr.(type) {
			case *ssa.UnOp:
				f(instr)
			case *ssa.MakeClosure:
				for i, b := range instr.Bindings {
					if b == cell {
						s.loads(instr.Fn.(*ssa.Function).FreeVars[i], f)
					}
				}
			}
		}
	}
}

func (s *scope) extracted(v *ssa.Extract, in *frame, at path) string {
	switch t := v.Tuple.(type) {
	case *ssa.Call:
		return s.result(t, v.Index, in, at)
	case *ssa.Next:
		return s.why(t.Iter.(*ssa.Range).X, in, at)
	default:
		if x := operand(t.(ssa.Value)); x != nil && v.Index == 0 {
			return s.why(x, in, at)
		}
	}
	return ""
}

// fieldAt is the type of a field at a path.
func fieldAt(t types.Type, at path) types.Type {
	if p, ok := t.Underlying().(*types.Pointer); ok && len(at) == 0 {
		if _, inner := p.Elem().Underlying().(*types.Struct); !inner {
			return p.Elem() // of a variable
		}
	}
	for _, i := range at {
		of := structOf(t)
		if of == nil {
			return t
		}
		t = of.Field(i).Type()
	}
	return t
}

// whole is why all of a struct is of no use that has such parts.
func whole(parts map[string]string) (why string) {
	for _, reason := range parts {
		if why == "" || reason < why {
			why = reason
		}
	}
	return why
}

// leads says why the value of an expression is of no use when a task runs.
func (s *scope) leads(e ast.Expr) string {
	v := s.values[ast.Unparen(e)]
	if v == nil || s.TypesInfo.TypeOf(e) == nil || isData(s.TypesInfo.TypeOf(e)) {
		return ""
	}
	return s.why(v, s.in, nil)
}
