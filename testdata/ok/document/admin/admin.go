// Package admin is for those who run the shop.
//
//bggen:openapi openapi.yaml title="Administration: \"all\" of it" version=1 license=MIT
//bggen:openapi-package .
package admin

import (
	"context"
	"net/http"

	"github.com/bggen/bggen/runtime"
	"github.com/bggen/bggen/runtime/auth"
)

// Item is an item as those see it who run the shop.
type Item struct {
	Name  string `json:"name"`
	Stock int    `json:"stock"`
}

// RequireAdmin lets administrators in.
//
//bggen:guard
//bggen:answers 403="you are no administrator"
func RequireAdmin(b auth.Bearer) error {
	switch {
	case b.Equal("visitor"):
		return &runtime.Problem{Status: http.StatusForbidden, Detail: "you are no administrator"}
	case !b.Equal("secret"):
		return b.Invalid()
	}
	return nil
}

// ListItems shows all items with their stock.
//
// Deprecated: use the report.
//
//bggen:route GET /items
//bggen:depends RequireAdmin
func ListItems(ctx context.Context) ([]Item, error) { return nil, nil }

//bggen:route DELETE /items/{name}
//bggen:depends RequireAdmin
//bggen:answers 404
func RemoveItem(name string) error {
	if name != "cup" {
		return &runtime.Problem{Status: http.StatusNotFound}
	}
	return nil
}
