package lint

import (
	"go/token"
	"go/types"
	"testing"
)

func TestRequestEnds(t *testing.T) {
	for _, tt := range []struct{ path, name, want string }{
		{"net/http", "Request", isOver},
		{"net/http", "Response", ""},
		{"github.com/gin-gonic/gin", "Context", "gin may have given it to another request"},
		{"github.com/labstack/echo", "Context", "echo may have given it to another request"},
		{"github.com/labstack/echo/v4", "Context", "echo may have given it to another request"},
		{"github.com/labstack/echo/v12", "Context", "echo may have given it to another request"},
		{"github.com/labstack/echo/v4/middleware", "Context", ""},
		{"github.com/gofiber/fiber/v2", "Ctx", "fiber may have given it to another request"},
		{"github.com/gofiber/fiber/v3", "App", ""},
		{"example.com/gin", "Context", ""},
	} {
		named := types.NewNamed(types.NewTypeName(token.NoPos, types.NewPackage(tt.path, "p"), tt.name, nil), types.NewStruct(nil, nil), nil)
		for _, typ := range []types.Type{named, types.NewPointer(named)} {
			if got := requestEnds(typ); got != tt.want {
				t.Errorf("requestEnds(%v) = %q, want %q", typ, got, tt.want)
			}
		}
	}
	if got := requestEnds(types.Typ[types.Int]); got != "" {
		t.Errorf("requestEnds(int) = %q", got)
	}
}
