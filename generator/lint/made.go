package lint

import (
	"fmt"
	"go/constant"
	"go/token"
	"go/types"
	"regexp"
	"slices"

	"github.com/bggen/bggen/generator/internal/scan"
	"golang.org/x/tools/go/ssa"
)

// A maker finds out which statuses the errors have that a function returns. It knows
// only of what is sure to be one: an error that somebody looks at before it is
// returned may be another one then.
type maker struct {
	*scope
	at    token.Pos         // in the function that is asked about
	found map[int]token.Pos // the statuses, and where that function makes them
	from  []int             // its parameters that are statuses of what it returns
}

// elsewhere is where the variables of the package are given their values.
var elsewhere = new(frame)

func (l *linter) newMaker() *maker { return &maker{scope: l.emptyScope(), found: map[int]token.Pos{}} }

// makes asks a maker about a function.
func (l *linter) makes(fn *ssa.Function) *maker {
	m := l.newMaker()
	m.returns(fn, nil)
	return m
}

// makesIn asks a maker about the errors in a variable of the package.
func (l *linter) makesIn(v *types.Var) *maker {
	m := l.newMaker()
	for _, stored := range l.stores(l.prog.Package(l.Pkg).Var(v.Name())) {
		m.value(stored, elsewhere)
	}
	return m
}

// first reports whether something is asked for the first time, and not too much has
// been asked.
func (m *maker) first(q query) bool {
	m.steps++
	before := m.asked[q]
	m.asked[q] = true
	return !before && m.steps <= tooLong
}

// add notes a status. What is none of an error is answered as 500, and that is the
// answer to every other error, too.
func (m *maker) add(status int) {
	if _, known := m.found[status]; !known && isDeclarable(status) {
		m.found[status] = m.at
	}
}

// returns asks about what a function returns, and about what settles it.
func (m *maker) returns(fn *ssa.Function, in *frame) {
	for _, block := range fn.Blocks {
		for _, instr := range block.Instrs {
			ret, ok := instr.(*ssa.Return)
			if !ok {
				continue
			}
			if in == nil {
				m.at = ret.Pos()
			}
			for _, v := range ret.Results {
				switch {
				case m.isAnswer(v.Type()):
					m.value(v, in)
				case isSettle(v.Type()):
					m.called(v, in)
				}
			}
		}
	}
}

// isSettle reports whether functions of type t settle what a provider makes: their
// error is answered, too.
func isSettle(t types.Type) bool {
	f, ok := t.Underlying().(*types.Signature)
	return ok && f.Params().Len() == 1 && f.Results().Len() == 1 && scan.IsError(f.Params().At(0).Type()) && scan.IsError(f.Results().At(0).Type())
}

// isAnswer reports whether values of type t are errors that may have a status.
func (l *linter) isAnswer(t types.Type) bool {
	return t != nil && (scan.IsError(t) || statusCode(t) != nil)
}

// called asks about what is returned by a function that v is.
func (m *maker) called(v ssa.Value, in *frame) {
	if !m.first(query{v, in, "called"}) {
		return
	}
	switch v := v.(type) {
	case *ssa.MakeClosure:
		m.returns(v.Fn.(*ssa.Function), in)
	case *ssa.Function:
		if inner := in.enter(v, pad(nil, v)); inner != nil && m.isOurs(v) {
			m.returns(v, inner)
		}
	case *ssa.ChangeType:
		m.called(v.X, in)
	case *ssa.UnOp:
		for _, stored := range m.storedIn(v) {
			m.called(stored, elsewhere)
		}
	case *ssa.Call:
		if inner := m.ours(v, in); inner != nil {
			eachReturned(inner.fn, 0, func(v ssa.Value) { m.called(v, inner) })
		}
	}
}

// eachReturned calls f for what a function returns as its result with that number.
func eachReturned(fn *ssa.Function, i int, f func(ssa.Value)) {
	for _, block := range fn.Blocks {
		for _, instr := range block.Instrs {
			if ret, ok := instr.(*ssa.Return); ok && i < len(ret.Results) {
				f(ret.Results[i])
			}
		}
	}
}

// ours is the frame of a call of a function of this package, nil if it is of
// another one.
func (m *maker) ours(c *ssa.Call, in *frame) *frame {
	if inner := in.call(&c.Call); inner != nil && m.isOurs(inner.fn) {
		return inner
	}
	return nil
}

// value asks about an error.
func (m *maker) value(v ssa.Value, in *frame) {
	if m.isLookedAt(v) || !m.first(query{v, in, "error"}) {
		return
	}
	if _, isInterface := v.Type().Underlying().(*types.Interface); !isInterface {
		m.concrete(v, in)
		return
	}
	switch v := v.(type) {
	case *ssa.Phi:
		for _, edge := range v.Edges {
			m.value(edge, in)
		}
	case *ssa.ChangeInterface:
		m.value(v.X, in)
	case *ssa.MakeInterface:
		m.concrete(v.X, in)
	case *ssa.Extract:
		if c, ok := v.Tuple.(*ssa.Call); ok {
			m.result(c, v.Index, in)
		}
	case *ssa.Call:
		m.result(v, 0, in)
	case *ssa.Parameter:
		if arg, up := argument(v, in); arg != nil {
			m.value(arg, up)
		}
	case *ssa.UnOp:
		m.read(v, in)
	}
}

// argument is what a parameter is given in a frame, nil if that is not known.
func argument(v *ssa.Parameter, in *frame) (ssa.Value, *frame) {
	for ; in != nil; in = in.up {
		if in.fn == v.Parent() {
			return in.args[slices.Index(in.fn.Params, v)], in.up
		}
	}
	return nil, nil
}

// read asks about an error in a variable.
func (m *maker) read(v *ssa.UnOp, in *frame) {
	if of := variable(v); of != nil {
		lookedAt := false
		loads(of, func(load ssa.Value) { lookedAt = lookedAt || m.isLookedAt(load) })
		for _, w := range m.writes(of) {
			if len(w.at) == 0 && !lookedAt {
				m.value(w.value, in)
			}
		}
	}
	m.variableOf(v)
	for _, stored := range m.storedIn(v) {
		m.value(stored, elsewhere)
	}
}

// variableOf notes what is known of a variable of another package.
func (m *maker) variableOf(v *ssa.UnOp) {
	if global, ok := v.X.(*ssa.Global); ok && global.Object() != nil && global.Object().Pkg() != m.Pkg && m.isAnswer(v.Type()) {
		m.addAll(m.factsOf(global.Object().Pkg()).varOf(global.Object()))
	}
}

func (m *maker) addAll(list []int) {
	for _, status := range list {
		m.add(status)
	}
}

// concrete asks about an error whose type is known.
func (m *maker) concrete(v ssa.Value, in *frame) {
	method := statusCode(v.Type())
	switch {
	case method == nil:
	case method.problem != nil:
		m.status(v, in, method.problem)
	default:
		m.addAll(m.codesOf(method.Func))
	}
}

// status asks about the status at a path in a problem, or in what embeds one.
func (m *maker) status(v ssa.Value, in *frame, at path) {
	if c, ok := v.(*ssa.Const); ok && len(at) == 0 && c.Value != nil && c.Value.Kind() == constant.Int {
		m.add(int(c.Int64()))
	}
	if !m.first(query{v, in, fmt.Sprint(at)}) {
		return
	}
	switch v := v.(type) {
	case *ssa.Alloc:
		defer func(before token.Pos) { m.at = before }(m.at)
		if in == nil && v.Pos().IsValid() {
			m.at = v.Pos()
		}
		for _, w := range m.writes(v) {
			if len(w.at) <= len(at) && slices.Equal(w.at, at[:len(w.at)]) {
				m.status(w.value, in, at[len(w.at):])
			}
		}
	case *ssa.Phi:
		for _, edge := range v.Edges {
			m.status(edge, in, at)
		}
	case *ssa.Parameter:
		if arg, up := argument(v, in); arg != nil {
			m.status(arg, up, at)
		} else if i := slices.Index(v.Parent().Params, v); in == nil && len(at) == 0 && !slices.Contains(m.from, i) {
			m.from = append(m.from, i)
		}
	case *ssa.Extract:
		if c, ok := v.Tuple.(*ssa.Call); ok {
			m.statusOfResult(c, v.Index, in, at)
		}
	case *ssa.Call:
		m.statusOfResult(v, 0, in, at)
	case *ssa.UnOp:
		if m.variableOf(v); len(at) > 0 {
			for _, stored := range m.storedIn(v) {
				m.status(stored, elsewhere, at)
			}
		}
		if of := variable(v); of != nil {
			m.status(of, in, at)
		}
	case *ssa.Convert:
		m.status(v.X, in, at)
	case *ssa.ChangeType:
		m.status(v.X, in, at)
	}
}

// statusOfResult is status for what a call returns.
func (m *maker) statusOfResult(c *ssa.Call, i int, in *frame, at path) {
	defer m.during(c, in)()
	if inner := m.ours(c, in); inner != nil {
		eachReturned(inner.fn, i, func(v ssa.Value) { m.status(v, inner, at) })
	} else if f := calleeOf(&c.Call); f != nil && len(at) > 0 {
		m.foreign(f, c, in)
	}
}

// during notes where a call is, and returns a function that forgets it.
func (m *maker) during(c *ssa.Call, in *frame) func() {
	before := m.at
	if in == nil && c.Pos().IsValid() {
		m.at = c.Pos()
	}
	return func() { m.at = before }
}

// result asks about an error that a call returns.
func (m *maker) result(c *ssa.Call, i int, in *frame) {
	defer m.during(c, in)()
	if inner := m.ours(c, in); inner != nil {
		eachReturned(inner.fn, i, func(v ssa.Value) { m.value(v, inner) })
		return
	}
	f := calleeOf(&c.Call)
	switch {
	case f == nil || f.Pkg() == nil:
	case isFunc(f, "errors", "Join"):
		m.elements(c.Call.Args[0], in, func(int) bool { return true })
	case isFunc(f, "fmt", "Errorf"):
		if format, ok := c.Call.Args[0].(*ssa.Const); ok && format.Value != nil {
			verbs := verbsOf(constant.StringVal(format.Value))
			m.elements(c.Call.Args[1], in, func(i int) bool { return i < len(verbs) && verbs[i] == "w" })
		}
	default:
		m.foreign(f, c, in)
	}
}

func isFunc(f *types.Func, path, name string) bool {
	return f.Name() == name && f.Pkg() != nil && f.Pkg().Path() == path
}

// foreign notes what is known of a function of another package.
func (m *maker) foreign(f *types.Func, c *ssa.Call, in *frame) {
	known := m.funcFactOf(f)
	m.addAll(known.Made)
	for _, i := range known.From {
		if i < len(c.Call.Args) {
			m.status(c.Call.Args[i], in, nil)
		}
	}
}

var verb = regexp.MustCompile(`%[-+# 0-9.]*([a-zA-Z%])`)

// verbsOf are the verbs of a format, one for each argument.
func verbsOf(format string) (verbs []string) {
	for _, found := range verb.FindAllStringSubmatch(format, -1) {
		if found[1] != "%" {
			verbs = append(verbs, found[1])
		}
	}
	return verbs
}

// elements asks about the errors in the arguments of a call that takes any number.
func (m *maker) elements(list ssa.Value, in *frame, is func(i int) bool) {
	slice, ok := list.(*ssa.Slice)
	if !ok {
		return
	}
	for _, instr := range *slice.X.Referrers() {
		at, ok := instr.(*ssa.IndexAddr)
		if !ok {
			continue
		}
		index, ok := at.Index.(*ssa.Const)
		if !ok || !is(int(index.Int64())) {
			continue
		}
		for _, user := range *at.Referrers() {
			if store, ok := user.(*ssa.Store); ok && store.Addr == at {
				m.value(store.Val, in)
			}
		}
	}
}

// isLookedAt reports whether a function does something with an error that may tell
// one from another, so that what it returns later may be only some of them.
func (m *maker) isLookedAt(v ssa.Value) bool {
	if v.Referrers() == nil {
		return false
	}
	return slices.ContainsFunc(*v.Referrers(), func(instr ssa.Instruction) bool {
		switch instr := instr.(type) {
		case *ssa.TypeAssert:
			return true
		case *ssa.BinOp:
			return !isNilConst(instr.X) && !isNilConst(instr.Y)
		case *ssa.ChangeInterface:
			return m.isLookedAt(instr)
		case ssa.CallInstruction:
			return m.looksAt(instr.Common(), v)
		}
		return false
	})
}

func isNilConst(v ssa.Value) bool {
	c, ok := v.(*ssa.Const)
	return ok && c.IsNil()
}

// looksAt reports whether a call may tell one error from another.
func (m *maker) looksAt(c *ssa.CallCommon, v ssa.Value) bool {
	if c.IsInvoke() && c.Value == v {
		return true
	}
	if f := calleeOf(c); f != nil && f.Pkg() != nil && f.Pkg().Path() == "errors" {
		return f.Name() != "Join"
	}
	results := c.Signature().Results()
	for result := range results.Variables() {
		if m.isAnswer(result.Type()) {
			return false // it hands it on, or another one
		}
	}
	return results.Len() > 0
}
