package lint

import (
	"go/ast"
	"go/constant"
	"go/types"
	"net/http"
	"strings"

	"golang.org/x/tools/go/ssa"
)

// A statusMethod is the method StatusCode of an error.
type statusMethod struct {
	*types.Func
	problem path // to the status of the runtime.Problem whose method it is; nil: it is of another type
}

var errorType = types.Universe.Lookup("error").Type().Underlying().(*types.Interface)

// statusCode is the method StatusCode of an error of type t, or of what points to a
// t. nil: it has none.
func statusCode(t types.Type) *statusMethod {
	if types.IsInterface(t) {
		return nil
	}
	if _, isPointer := t.Underlying().(*types.Pointer); !isPointer {
		t = types.NewPointer(t)
	}
	if !types.Implements(t, errorType) {
		return nil
	}
	obj, index, _ := types.LookupFieldOrMethod(t, false, nil, "StatusCode")
	method, ok := obj.(*types.Func)
	if !ok || !isStatusCode(method) {
		return nil
	}
	s := &statusMethod{Func: method.Origin()}
	if recv := method.Signature().Recv().Type(); isNamed(recv, runtimePath, "Problem") {
		of := structOf(recv)
		for i := range of.NumFields() {
			if of.Field(i).Name() == "Status" {
				s.problem = append(path(index[:len(index)-1:len(index)-1]), i)
			}
		}
	}
	return s
}

// isStatusCode reports whether a method is StatusCode() int.
func isStatusCode(f *types.Func) bool {
	return f.Name() == "StatusCode" && f.Signature().Params().Len() == 0 && f.Signature().Results().Len() == 1 &&
		types.Identical(f.Signature().Results().At(0).Type(), types.Typ[types.Int])
}

// isDeclarable reports whether a status is one that a function may declare. It need
// not declare 500, which is the answer to every error without a status.
func isDeclarable(status int) bool {
	return status >= 400 && status <= 599 && status != http.StatusInternalServerError
}

// codesOf are the statuses that a method StatusCode returns, nil if they are not
// known.
func (l *linter) codesOf(method *types.Func) []int {
	if method.Pkg() != l.Pkg {
		return l.factsOf(method.Pkg()).codesOf(method)
	}
	decl := l.decls[method]
	if decl == nil || decl.Body == nil {
		return nil
	}
	var codes []int
	known := true
	ast.Inspect(decl.Body, func(n ast.Node) bool {
		if ret, ok := n.(*ast.ReturnStmt); ok {
			code, ok := 0, len(ret.Results) == 1
			if ok {
				code, ok = l.number(ret.Results[0])
			}
			known = known && ok
			codes = append(codes, code)
		}
		return true
	})
	if !known {
		return nil
	}
	return codes
}

// number is the value of a constant.
func (l *linter) number(e ast.Expr) (int, bool) {
	v := l.TypesInfo.Types[e].Value
	if v == nil || v.Kind() != constant.Int {
		return 0, false
	}
	n, exact := constant.Int64Val(v)
	return int(n), exact
}

// storedIn are the values of a variable of this package that v is read from.
func (l *linter) storedIn(v *ssa.UnOp) []ssa.Value {
	if global, ok := v.X.(*ssa.Global); ok && global.Pkg.Pkg == l.Pkg {
		return l.stores(global)
	}
	return nil
}

// stores are the values that a variable of this package is given.
func (l *linter) stores(global *ssa.Global) []ssa.Value {
	if l.stored == nil {
		l.stored = map[*ssa.Global][]ssa.Value{}
		l.noteStored(global.Pkg.Func("init"))
		for f := range l.decls {
			l.noteStored(l.prog.FuncValue(f))
		}
	}
	return l.stored[global]
}

// noteStored notes what a function, and the closures in it, give to variables of the
// package.
func (l *linter) noteStored(fn *ssa.Function) {
	for _, block := range fn.Blocks {
		for _, instr := range block.Instrs {
			if store, ok := instr.(*ssa.Store); ok {
				if global, ok := store.Addr.(*ssa.Global); ok {
					l.stored[global] = append(l.stored[global], store.Val)
				}
			}
		}
	}
	for _, anon := range fn.AnonFuncs {
		l.noteStored(anon)
	}
}

// isStandard reports whether a package is of the standard library, as its path
// says: that of a module may be without a dot only where it is the module that is
// looked at.
func (l *linter) isStandard(p *types.Package) bool {
	if p == nil {
		return true // the method of error
	}
	first, _, _ := strings.Cut(p.Path(), "/")
	ours := p == l.Pkg || l.Module != nil && (p.Path() == l.Module.Path || strings.HasPrefix(p.Path(), l.Module.Path+"/"))
	return !strings.Contains(first, ".") && !ours
}
