// Package gin has what the cases need of the real one.
package gin

import (
	"context"
	"net/http"
)

// Context is of one request, and then of another.
type Context struct {
	context.Context
	Request *http.Request
	Writer  http.ResponseWriter
}

// Copy is a copy to keep.
func (c *Context) Copy() *Context { return c }

// Param is a part of the path.
func (c *Context) Param(string) string { return "" }

// ClientIP is an address.
func (c *Context) ClientIP() string { return "" }
