package openapi

import (
	"go/types"
	"slices"
	"testing"

	"github.com/bggen/bggen/generator/internal/model"
	"github.com/bggen/bggen/generator/internal/scan"
	"github.com/bggen/bggen/generator/internal/schema"
)

func TestNamesOfOperations(t *testing.T) {
	one, other := new(model.Handler), new(model.Handler)
	op := func(name, tag string, h *model.Handler) *operation {
		return &operation{name: name, tag: tag, handler: h, content: new(schema.Object)}
	}
	for _, c := range []struct {
		name string
		ops  []*operation
		want []string
	}{
		{"alone", []*operation{op("list", "items", one)}, []string{"list"}},
		{"two routes of a handler", []*operation{op("list", "items", one), op("list", "items", one)}, []string{"list", "list2"}},
		{"in two packages", []*operation{op("list", "items", one), op("list", "orders", other)}, []string{"itemsList", "ordersList"}},
		{"in packages of one name", []*operation{op("list", "a/items", one), op("list", "b/items", other)}, []string{"aitemsList", "bitemsList"}},
		{"as one is called already", []*operation{op("itemsList", "x", new(model.Handler)), op("list", "items", one), op("list", "orders", other)}, []string{"itemsList", "itemsList2", "ordersList"}},
	} {
		w := &writer{operations: c.ops}
		w.nameOperations()
		var got []string
		for _, op := range c.ops {
			got = append(got, op.content.Get("operationId").(string))
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: %q, not %q", c.name, got, c.want)
		}
	}
}

func TestNamesOfAnswers(t *testing.T) {
	find := &scan.Func{Name: "Find", Pkg: types.NewPackage("example.com/items", "items")}
	find2 := &scan.Func{Name: "Find", Pkg: types.NewPackage("example.com/orders", "orders")}
	change := &scan.Func{Name: "Change", Pkg: types.NewPackage("example.com/items", "items")}
	w := &writer{answers: map[string]*schema.Object{}, named: map[string]string{}}
	for _, c := range []struct {
		status int
		a      answer
		want   string
	}{
		{0, answer{}, "Error"},
		{404, answer{}, "NotFound"},
		{404, answer{by: find}, "NotFound"}, // not in words
		{418, answer{}, "Imateapot"},
		{499, answer{}, "Status499"},
		{404, answer{find, "no such item"}, "FindNotFound"},
		{404, answer{change, "no such item"}, "FindNotFound"}, // says the same
		{409, answer{find, "no such item"}, "FindConflict"},
		{404, answer{find2, "no such order"}, "OrdersFindNotFound"},
		{404, answer{find2, "no order at all"}, "OrdersFindNotFound2"},
	} {
		if got := w.problem(c.status, c.a).Get("$ref"); got != "#/components/responses/"+c.want {
			t.Errorf("%d %q: %s, not %s", c.status, c.a.text, got, c.want)
		}
	}
}

func TestPaths(t *testing.T) {
	w := &writer{shapes: map[string]string{}}
	for _, c := range []struct{ pattern, path, wild, id string }{
		{"/items/{id}", "/items/{id}", "", "id"},
		{"/items/{item}", "/items/{id}", "", ""}, // the same path in the document
		{"/items/{id}/{$}", "/items/{id}/", "", "id"},
		{"/files/{path...}", "/files/{path}", "path", ""},
		{"/", "/", "", ""},
	} {
		path, wild := pathOf(c.pattern)
		path, names := w.samePath(path)
		if path != c.path || wild != c.wild || names["id"] != c.id {
			t.Errorf("%s: %s, %q, %v", c.pattern, path, wild, names)
		}
	}
	if _, names := w.samePath("/items/{item}"); names["item"] != "id" {
		t.Errorf("item is called %v", names)
	}
}

func TestBytesText(t *testing.T) {
	for n, want := range map[int64]string{1 << 20: "1 MiB", 20 << 20: "20 MiB", 1 << 30: "1 GiB", 64 << 10: "64 KiB", 1<<20 + 1: "1048577 bytes", 1500 << 10: "1500 KiB", 100: "100 bytes"} {
		if got := bytesText(n); got != want {
			t.Errorf("%d: %s, not %s", n, got, want)
		}
	}
}
