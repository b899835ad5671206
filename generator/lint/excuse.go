package lint

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"
)

// excuseOf is why a goroutine is not reported although it uses what ends with the
// request, "" if it is: it may well have ended before the request does. The analyzer
// cannot see which wait is for which goroutine: a goroutine has an excuse that tells
// somebody, in code that is seen, that it has ended, and one that can tell if the
// function waits for something once the goroutine has begun.
func (s *scope) excuseOf(body ast.Node, pos token.Pos, fun ast.Expr, args []ast.Expr) string {
	said := func(text string, at ast.Node) string {
		return fmt.Sprintf("%s (line %d)", text, s.Fset.Position(at.Pos()).Line)
	}
	if at := s.tellsEnd(fun); at != nil {
		return said("it tells somebody that it has ended", at)
	}
	if at := first(body, s.takesConnection); at != nil {
		return said("the function has a connection of its own", at)
	}
	if s.canTell(fun, args) {
		if at := s.waits(body, fun, beginning(body, pos), 1); at != nil {
			return said("the function waits for something", at)
		}
	}
	return ""
}

// tellsEnd is where a goroutine tells somebody that it has ended: in a closure,
// written there or in a variable, or in a function of this package.
func (s *scope) tellsEnd(fun ast.Expr) ast.Node {
	var code ast.Node
	if lit, ok := ast.Unparen(fun).(*ast.FuncLit); ok {
		code = lit.Body
	} else if f := s.named(fun); f != nil && s.decls[f.Origin()] != nil {
		code = s.decls[f.Origin()]
	} else if made, ok := s.origin(s.values[ast.Unparen(fun)]).(*ssa.MakeClosure); ok {
		code = made.Fn.(*ssa.Function).Syntax()
	}
	if code == nil {
		return nil
	}
	return first(code, s.tells)
}

// tells reports whether a part of a goroutine tells somebody that it has ended, by
// a WaitGroup, a channel or a cancel function, or waits to be told itself: then
// somebody may well wait for it, or have it end.
func (s *scope) tells(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.SendStmt:
		return true
	case *ast.UnaryExpr:
		call, ok := ast.Unparen(n.X).(*ast.CallExpr)
		return n.Op == token.ARROW && !(ok && s.isOf(call, "time"))
	case *ast.CallExpr:
		return s.callTells(n)
	}
	return false
}

func (s *scope) callTells(call *ast.CallExpr) bool {
	switch fun := ast.Unparen(call.Fun).(type) {
	case *ast.SelectorExpr:
		switch fun.Sel.Name {
		case "Done":
			return !isContext(s.TypesInfo.TypeOf(fun.X))
		case "Err": // it ends by itself
			return isContext(s.TypesInfo.TypeOf(fun.X))
		case "Broadcast", "Signal", "CloseWithError", "CloseWrite", "Release":
			return true
		}
	case *ast.Ident:
		_, builtin := s.TypesInfo.Uses[fun].(*types.Builtin)
		return builtin && fun.Name == "close" || isNamed(s.TypesInfo.TypeOf(fun), "context", "CancelFunc")
	}
	return false
}

// canTell reports whether a goroutine has something by which it could tell that it
// has ended, in code that is not seen: a channel, or what may hold one.
func (s *scope) canTell(fun ast.Expr, args []ast.Expr) bool {
	carries := func(e ast.Expr) bool {
		t := s.TypesInfo.TypeOf(e)
		return t != nil && !isData(t) && !isContext(t) && !isCollector(t) && s.linter.ended(t) == ""
	}
	if slices.ContainsFunc(args, carries) {
		return true
	}
	switch e := ast.Unparen(fun).(type) {
	case *ast.FuncLit:
		return first(e.Body, func(n ast.Node) bool {
			id, ok := n.(*ast.Ident)
			if !ok {
				return false
			}
			v, ok := s.TypesInfo.Uses[id].(*types.Var)
			return ok && !v.IsField() && !within(e, v.Pos()) && carries(id)
		}) != nil
	case *ast.SelectorExpr:
		return s.TypesInfo.Selections[e] != nil && carries(e.X)
	case *ast.Ident:
		_, variable := s.TypesInfo.Uses[e].(*types.Var)
		return variable
	}
	return true
}

// beginning is where the code begins that may run after what stands at pos: there,
// or with the loop around it.
func beginning(body ast.Node, pos token.Pos) token.Pos {
	loop := first(body, func(n ast.Node) bool {
		switch n.(type) {
		case *ast.ForStmt, *ast.RangeStmt:
			return within(n, pos)
		}
		return false
	})
	if loop != nil {
		return loop.Pos()
	}
	return pos
}

// waits is where a function waits for something, from a place on, itself or in what
// it calls that many levels deep. What it defers or keeps in a closure, but for that
// which goes on by itself, runs after any place.
func (s *scope) waits(body ast.Node, fun ast.Expr, from token.Pos, levels int) (at ast.Node) {
	ast.Inspect(body, func(n ast.Node) bool {
		switch n := n.(type) {
		case nil, *ast.GoStmt: // what others wait for
			return false
		case *ast.FuncLit:
			if at == nil && n != ast.Unparen(fun) {
				at = s.waits(n.Body, fun, token.NoPos, levels)
			}
			return false
		case *ast.DeferStmt:
			if at == nil {
				at = s.waits(n.Call, fun, token.NoPos, levels)
			}
			return false
		}
		if at == nil && n.Pos() >= from && s.isWait(n, levels) {
			at = n
		}
		return at == nil
	})
	return at
}

// isWait reports whether a part of a function waits for something.
func (s *scope) isWait(n ast.Node, levels int) bool {
	switch n := n.(type) {
	case *ast.SelectStmt:
		return true
	case *ast.RangeStmt:
		_, channel := s.TypesInfo.TypeOf(n.X).Underlying().(*types.Chan)
		return channel
	case *ast.UnaryExpr:
		return n.Op == token.ARROW
	case *ast.CallExpr:
		f := s.callee(n)
		if f == nil {
			return false
		}
		fn := s.decls[f.Origin()]
		return f.Name() == "Wait" || levels > 0 && fn != nil && fn.Body != nil && s.waits(fn.Body, nil, token.NoPos, levels-1) != nil
	}
	return false
}

// takesConnection reports whether a part of a function gives it a connection that
// does not end with the request, or one end of a pipe.
func (s *scope) takesConnection(n ast.Node) bool {
	call, ok := n.(*ast.CallExpr)
	if !ok {
		return false
	}
	f := s.callee(call)
	return f != nil && (f.Name() == "Hijack" || f.Name() == "Pipe")
}

// isOf reports whether a call is of a function of that package.
func (s *scope) isOf(call *ast.CallExpr, path string) bool {
	f := s.callee(call)
	return f != nil && f.Pkg() != nil && f.Pkg().Path() == path
}
