package lint

import (
	"go/ast"
	"go/types"
	"path"
	"strings"
)

const isOver = "the request is over"

// requests are the types that stand for a request, without the major version in
// their paths, and why a value is of no use when a task runs.
var requests = map[string]string{
	"net/http.Request":                       isOver,
	"github.com/gin-gonic/gin.Context":       "gin may have given it to another request",
	"github.com/labstack/echo.Context":       "echo may have given it to another request",
	"github.com/gofiber/fiber.Ctx":           "fiber may have given it to another request",
	"github.com/valyala/fasthttp.RequestCtx": "fasthttp may have given it to another request",
}

// requestEnds is why a request of type t is of no use when a task runs, "" if t is
// no request.
func requestEnds(t types.Type) string {
	named := namedType(t)
	if named == nil || named.Obj().Pkg() == nil {
		return ""
	}
	dir, last := path.Split(named.Obj().Pkg().Path())
	if strings.Trim(last, "0123456789") == "v" {
		return requests[strings.TrimSuffix(dir, "/")+"."+named.Obj().Name()]
	}
	return requests[typeName(named)]
}

func isRequest(t types.Type) bool { return requestEnds(t) != "" }

func isHTTPRequest(t types.Type) bool { return isNamed(t, "net/http", "Request") }

// ofRequest is leads for a call of a method of a request.
func (s *scope) ofRequest(call *ast.CallExpr, sel *ast.SelectorExpr) string {
	http := isHTTPRequest(s.TypesInfo.TypeOf(sel.X))
	switch {
	case http && (sel.Sel.Name == "Clone" || sel.Sel.Name == "WithContext"):
		return s.leads(call.Args[0]) // one of its own
	case !http && sel.Sel.Name == "Copy":
		return "" // made to be kept
	}
	why, t := s.leads(sel.X), s.TypesInfo.TypeOf(call)
	switch {
	case why != "" && isContext(t) && http:
		return ofRequestEnds
	case s.linter.ended(t) != "":
		return why
	}
	return ""
}

// contextOf is the variable that leads to the request whose context an expression
// is: r in r.Context(), c in c.Request.Context(). It is nil if it is something else.
func (s *scope) contextOf(call *ast.CallExpr) *ast.Ident {
	sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr)
	if !ok || s.called(call) != ofRequestEnds || !isHTTPRequest(s.TypesInfo.TypeOf(sel.X)) {
		return nil
	}
	id := base(sel.X)
	if _, variable := s.TypesInfo.Uses[id].(*types.Var); !variable {
		return nil
	}
	return id
}

// queried is leads for a result of type t of package database/sql: rows end with
// the context that they were asked for with, and with their transaction.
func (s *scope) queried(call *ast.CallExpr, t types.Type) (why string) {
	sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr)
	named := namedType(t)
	if !ok || !s.isOf(call, "database/sql") || named == nil {
		return ""
	}
	name := named.Obj().Name()
	rows := name == "Rows" || name == "Row"
	if (rows || name == "Tx") && len(call.Args) > 0 && isContext(s.TypesInfo.TypeOf(call.Args[0])) {
		why = s.leads(call.Args[0])
	}
	if (rows || name == "Stmt") && why == "" {
		why = s.leads(sel.X)
	}
	return why
}
