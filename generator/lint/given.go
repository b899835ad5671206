package lint

import (
	"go/ast"
	"go/types"
	"slices"
	"strings"

	"github.com/bggen/bggen/generator/internal/scan"
)

// noteOthers notes what is known of a function that other code of the program
// calls: a method of what has the request adds tasks for it, and a request that is
// sent is none that was received.
func (s *scope) noteOthers(fn *ast.FuncDecl) {
	if s.takes(fn.Type, isCollector) {
		for _, obj := range s.params(fn.Recv) {
			s.noteFields(obj, true, func(t types.Type) bool { return isRequest(t) || isWriter(t) })
		}
	}
	if s.takes(fn.Type, isWriter) {
		return
	}
	ast.Inspect(fn.Body, func(n ast.Node) bool {
		if call, ok := n.(*ast.CallExpr); ok && (s.sends(call) || s.handsToSender(call)) {
			for _, arg := range call.Args {
				s.forgetSent(arg)
			}
		}
		return true
	})
}

// forgetSent forgets a request that is sent, or what holds it.
func (s *scope) forgetSent(arg ast.Expr) {
	if !isHTTPRequest(s.TypesInfo.TypeOf(arg)) {
		return
	}
	ast.Inspect(arg, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok {
			delete(s.ended, s.TypesInfo.Uses[id])
			delete(s.parts, s.TypesInfo.Uses[id])
		}
		return true
	})
}

// sends reports whether a call sends a request.
func (s *scope) sends(call *ast.CallExpr) bool {
	f := s.callee(call)
	return f != nil && (f.Name() == "Do" || f.Name() == "RoundTrip") && len(call.Args) == 1 && isHTTPRequest(s.TypesInfo.TypeOf(call.Args[0]))
}

// handsToSender reports whether a call is of a function of this package that sends
// a request.
func (s *scope) handsToSender(call *ast.CallExpr) bool {
	f := s.callee(call)
	if f == nil || s.decls[f.Origin()] == nil || !s.takes(s.decls[f.Origin()].Type, isHTTPRequest) {
		return false
	}
	return first(s.decls[f.Origin()], func(n ast.Node) bool {
		inner, ok := n.(*ast.CallExpr)
		return ok && s.sends(inner)
	}) != nil
}

// A given is how a function comes by its parameters.
type given struct {
	context  string            // why a context is of no use when a task runs
	resolved bool              // bggen gives them
	sources  map[string]string // where a directive says what they are
}

// noteParams notes what is known of parameters.
func (s *scope) noteParams(fields *ast.FieldList, g given) {
	for _, obj := range s.params(fields) {
		why := s.linter.ended(obj.Type())
		source := g.sources[obj.Name()]
		switch by := s.releasedBy(obj.Type()); {
		case by != "" && (!g.resolved || source != "" && source != by):
			why = "" // somebody else has made that
		case why == "" && isContext(obj.Type()):
			why = g.context
		case g.resolved && obj.Name() == "body" && isNamed(obj.Type(), "io", "Reader"):
			why = isOver
		}
		if why != "" {
			s.ended[obj] = why
		} else if g.context == ofRequestEnds {
			s.noteGiven(obj)
		}
	}
}

// noteGiven notes the uploads in a struct that a handler is given, and all that
// ends in one that a provider has made: where none has, it lives as long as the
// program, and a connection in it does too.
func (s *scope) noteGiven(obj types.Object) {
	provided := s.isProvided(obj.Type())
	s.noteFields(obj, provided, func(t types.Type) bool { return provided || isUpload(t) })
}

// sources are the functions that directives name as sources of parameters.
func sources(f *scan.Func) map[string]string {
	list := map[string]string{}
	for _, d := range f.Depends {
		list[d.Param] = d.Target[strings.LastIndex(d.Target, ".")+1:]
	}
	return list
}

// params are the parameters of a list.
func (l *linter) params(fields *ast.FieldList) (list []types.Object) {
	if fields == nil {
		return nil
	}
	for _, field := range fields.List {
		for _, name := range field.Names {
			if obj := l.TypesInfo.Defs[name]; obj != nil {
				list = append(list, obj)
			}
		}
	}
	return list
}

// isOfRequest reports whether a context that fn takes is that of a request: fn
// is a handler or a provider, or takes what only these have.
func (l *linter) isOfRequest(fn *ast.FuncDecl) bool {
	switch f := l.saidOf(fn); f.Role {
	case scan.Task:
		return false
	case scan.Provider:
		return !f.Hold
	case scan.Handler:
		return true
	}
	return l.takesRequest(fn.Type)
}

// takesRequest reports whether a function takes a request or a collector.
func (l *linter) takesRequest(fn *ast.FuncType) bool {
	return l.takes(fn, isRequest) && !l.receivesNone(fn) || l.takes(fn, isCollector)
}

// receivesNone reports whether a function has a response as a result: it sends the
// request that it is given.
func (l *linter) receivesNone(fn *ast.FuncType) bool {
	return fn.Results != nil && slices.ContainsFunc(fn.Results.List, func(f *ast.Field) bool {
		return isNamed(l.TypesInfo.TypeOf(f.Type), "net/http", "Response")
	})
}

// takes reports whether a function has a parameter of such a type.
func (l *linter) takes(fn *ast.FuncType, is func(types.Type) bool) bool {
	return slices.ContainsFunc(l.params(fn.Params), func(obj types.Object) bool { return is(obj.Type()) })
}
