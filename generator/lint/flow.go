package lint

import (
	"cmp"
	"fmt"
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

// A path leads from a struct to a field, by the indices of fields.
type path []int

// A query asks why a value, or what is at a path in it, is of no use.
type query struct {
	v  ssa.Value
	in *frame
	at string // the path
}

// tooLong is how many values a question may lead to. One that leads to more is given
// up, as if the value were of use.
const tooLong = 10_000

// why says why a value, or what is at a path in it, is of no use when a task runs,
// "" if it is of use.
func (s *scope) why(v ssa.Value, in *frame, at path) string {
	if isData(fieldAt(v.Type(), at)) {
		return ""
	}
	if len(s.asked) == 0 {
		s.steps = 0
	}
	q := query{v, in, fmt.Sprint(at)}
	if s.steps++; s.asked[q] || s.steps > tooLong {
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
		if structOf(v.Type()) != nil && s.detaches(v.Type()) {
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
	case *ssa.MakeInterface, *ssa.ChangeInterface, *ssa.ChangeType, *ssa.Convert, *ssa.TypeAssert,
		*ssa.Slice, *ssa.Index, *ssa.IndexAddr, *ssa.Lookup:
		return *v.(ssa.Instruction).Operands(nil)[0]
	}
	return nil
}

// each says why one of several values, of which it is not known which, is of no use:
// "" if one of them is of use.
func (s *scope) each(list []ssa.Value, in *frame, at path) (why string) {
	for _, v := range list {
		if c, ok := v.(*ssa.Const); ok && c.IsNil() {
			continue
		}
		reason := s.why(v, in, at)
		if reason == "" && !s.asked[query{v, in, fmt.Sprint(at)}] {
			return ""
		}
		why = cmp.Or(why, reason)
	}
	return why
}

// binding is the variable that a closure has from around it.
func binding(v *ssa.FreeVar) ssa.Value {
	fn := v.Parent()
	if fn.Parent() == nil {
		return nil // a method value, which the compiler makes
	}
	for _, block := range fn.Parent().Blocks {
		for _, instr := range block.Instrs {
			if made, ok := instr.(*ssa.MakeClosure); ok && made.Fn == fn {
				return made.Bindings[slices.Index(fn.FreeVars, v)]
			}
		}
	}
	return nil
}

// parameter is what why says of a parameter: it is what the frame says, and
// otherwise what is known of the function.
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
				return s.ended[v.Object()]
			}
			f := fieldOf(v.Type(), at[0])
			return s.fieldEnds(parts[f.Name()], f.Type(), at[1:])
		}
		return s.fieldEnds(s.ended[v.Object()], v.Type(), at)
	})
}

// fieldEnds is why what is at a path is of no use, of a value of type t that is not
// for that reason.
func (s *scope) fieldEnds(why string, t types.Type, at path) string {
	for _, i := range at {
		f := fieldOf(t, i)
		if f == nil || why == "" {
			return ""
		}
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

// extracted is what why says of one of several results.
func (s *scope) extracted(v *ssa.Extract, in *frame, at path) string {
	switch t := v.Tuple.(type) {
	case *ssa.Call:
		return s.result(t, v.Index, in, at)
	case *ssa.Next:
		return s.why(t.Iter.(*ssa.Range).X, in, at)
	default:
		if x := operand(t); x != nil && v.Index == 0 {
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
		f := fieldOf(t, i)
		if f == nil {
			return t
		}
		t = f.Type()
	}
	return t
}

// fieldOf is a field of a struct or what points to one, nil if there is none: what an
// interface holds may have another type.
func fieldOf(t types.Type, i int) *types.Var {
	if of := structOf(t); of != nil && i < of.NumFields() {
		return of.Field(i)
	}
	return nil
}

// leads says why the value of an expression is of no use when a task runs.
func (s *scope) leads(e ast.Expr) string {
	v := s.values[ast.Unparen(e)]
	if v == nil || s.TypesInfo.TypeOf(e) == nil || isData(s.TypesInfo.TypeOf(e)) {
		return ""
	}
	return s.why(v, s.in, nil)
}
