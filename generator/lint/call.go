package lint

import (
	"go/ast"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"
)

// result is what why says of a result of a call.
func (s *scope) result(c *ssa.Call, i int, in *frame, at path) string {
	t := c.Type()
	if tuple, ok := t.(*types.Tuple); ok {
		t = tuple.At(i).Type()
	}
	args := c.Call.Args
	if b, ok := c.Call.Value.(*ssa.Builtin); ok {
		if b.Name() == "append" {
			return s.one(args, in)
		}
		return ""
	}
	f := calleeOf(&c.Call)
	if f == nil {
		return ""
	}
	if c.Call.IsInvoke() {
		args = append([]ssa.Value{c.Call.Value}, args...)
	}
	from := ""
	if f.Pkg() != nil {
		from = f.Pkg().Path()
	}
	switch {
	case from == "context":
		if f.Name() == "WithoutCancel" || !isContext(t) || len(args) == 0 {
			return ""
		}
		return s.why(args[0], in, nil)
	case len(args) > 0 && f.Signature().Recv() != nil && isRequest(args[0].Type()):
		return s.fieldEnds(s.ofRequest(f, args, t, in), t, at)
	case from == "database/sql" && len(args) > 1 && namedType(t) != nil:
		return s.queried(namedType(t).Obj().Name(), args, in)
	}
	if inner := in.call(&c.Call); inner != nil && s.isOurs(inner.fn) {
		return s.returned(inner, i, at)
	}
	if _, several := c.Type().(*types.Tuple); several && s.linter.ended(t) != "" && s.one(slices.DeleteFunc(slices.Clone(args), func(v ssa.Value) bool { return isContext(v.Type()) }), in) != "" {
		return s.fieldEnds(s.linter.ended(t), t, at)
	}
	return ""
}

func calleeOf(c *ssa.CallCommon) *types.Func {
	if c.IsInvoke() {
		return c.Method
	}
	if fn := c.StaticCallee(); fn != nil {
		f, _ := fn.Object().(*types.Func)
		return f
	}
	return nil
}

func (s *scope) isOurs(fn *ssa.Function) bool { return fn.Pkg != nil && fn.Pkg.Pkg == s.Pkg }

// one is what why says of the first of several values that is of no use.
func (s *scope) one(list []ssa.Value, in *frame) string {
	for _, v := range list {
		if why := s.why(v, in, nil); why != "" {
			return why
		}
	}
	return ""
}

// returned is what why says of a result of a function of this package.
func (s *scope) returned(in *frame, i int, at path) string {
	for _, block := range in.fn.Blocks {
		for _, instr := range block.Instrs {
			if ret, ok := instr.(*ssa.Return); ok {
				if why := s.why(ret.Results[i], in, at); why != "" {
					return why
				}
			}
		}
	}
	return ""
}

// ofRequest is what why says of the result of a method of a request.
func (s *scope) ofRequest(f *types.Func, args []ssa.Value, t types.Type, in *frame) string {
	http := isHTTPRequest(args[0].Type())
	switch {
	case http && (f.Name() == "Clone" || f.Name() == "WithContext"):
		return s.why(args[1], in, nil) // one of its own
	case !http && f.Name() == "Copy":
		return "" // made to be kept
	}
	why := s.why(args[0], in, nil)
	switch {
	case why != "" && isContext(t) && http:
		return ofRequestEnds
	case why != "" && s.linter.ended(t) != "":
		return s.linter.ended(t)
	}
	return ""
}

// queried is what why says of a result of package database/sql: rows end with the
// context of the query, and with their transaction.
func (s *scope) queried(name string, args []ssa.Value, in *frame) (why string) {
	rows := name == "Rows" || name == "Row"
	if (rows || name == "Tx") && isContext(args[1].Type()) {
		why = s.why(args[1], in, nil)
	}
	if (rows || name == "Stmt") && why == "" {
		why = s.why(args[0], in, nil)
	}
	return why
}

// closed is what why says of a closure, or of a method of a value.
func (s *scope) closed(v *ssa.MakeClosure, in *frame) string {
	fn := v.Fn.(*ssa.Function)
	if lit, ok := fn.Syntax().(*ast.FuncLit); ok {
		defer func(before *frame) { s.in = before }(s.in)
		s.in = in
		_, why := s.captured(lit)
		return why
	}
	method, _ := fn.Object().(*types.Func)
	if method == nil {
		return ""
	}
	return s.uses(fn.Prog.FuncValue(method.Origin()), v.Bindings, in)
}

// uses is why a call of a function is of no use when a task runs.
func (s *scope) uses(fn *ssa.Function, args []ssa.Value, in *frame) string {
	if fn == nil || !s.isOurs(fn) || len(fn.Blocks) == 0 {
		return s.one(args, in)
	}
	inner := in.enter(fn, pad(args, fn))
	if inner == nil || s.linter.ended(args[0].Type()) != "" {
		return s.one(args, in)
	}
	return s.usesIn(fn, inner)
}

// usesIn is uses for the code of a function, and of the closures in it.
func (s *scope) usesIn(fn *ssa.Function, in *frame) string {
	for _, block := range fn.Blocks {
		for _, instr := range block.Instrs {
			if why := s.used(instr, in); why != "" {
				return why
			}
		}
	}
	for _, anon := range fn.AnonFuncs {
		if why := s.usesIn(anon, in); why != "" {
			return why
		}
	}
	return ""
}

// pad gives a method whose other arguments are not known something for them.
func pad(args []ssa.Value, fn *ssa.Function) []ssa.Value {
	args = slices.Clone(args)
	for len(args) < len(fn.Params) {
		args = append(args, ssa.NewConst(nil, fn.Params[len(args)].Type()))
	}
	return args
}

// used is why an instruction of a function uses what is of no use.
func (s *scope) used(instr ssa.Instruction, in *frame) string {
	switch instr := instr.(type) {
	case *ssa.UnOp:
		if s.isLeaf(instr.Type()) {
			return s.why(instr, in, nil)
		}
	case *ssa.Field:
		if s.isLeaf(instr.Type()) {
			return s.why(instr, in, nil)
		}
	case ssa.CallInstruction:
		c := instr.Common()
		if fn := c.StaticCallee(); fn != nil && len(c.Args) > 0 && s.isOurs(fn) {
			return s.uses(fn, c.Args, in)
		}
		if _, builtin := c.Value.(*ssa.Builtin); builtin {
			return ""
		}
		return s.one(c.Args, in)
	}
	return ""
}

// isLeaf reports whether values of t end, and not only what they hold.
func (s *scope) isLeaf(t types.Type) bool { return s.linter.ended(t) != "" || isContext(t) }
