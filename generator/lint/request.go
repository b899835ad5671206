package lint

import (
	"go/types"
	paths "path"
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
	dir, last := paths.Split(named.Obj().Pkg().Path())
	if strings.Trim(last, "0123456789") == "v" {
		return requests[strings.TrimSuffix(dir, "/")+"."+named.Obj().Name()]
	}
	return requests[typeName(named)]
}

func isRequest(t types.Type) bool { return requestEnds(t) != "" }

func isHTTPRequest(t types.Type) bool { return isNamed(t, "net/http", "Request") }
