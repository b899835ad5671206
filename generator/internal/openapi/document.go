package openapi

import (
	"cmp"
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/bggen/bggen/generator/internal/model"
	"github.com/bggen/bggen/generator/internal/scan"
	"github.com/bggen/bggen/generator/internal/schema"
)

// Info is what the document says of the program as a whole.
type Info struct {
	Title, Version, Description, License string
	Servers                              []string
}

// A Package is one whose operations are in the document.
type Package struct {
	*model.Package
	Doc   string // the comment of the package
	Mount string // before the paths of its routes
}

// Mark is in every document that was written by this package.
const Mark = "x-generated-by"

// Write returns the document in JSON, and notes on what it leaves out.
func Write(info Info, pkgs []Package, comments schema.Comments) (text []byte, notes []string, err error) {
	w := &writer{schemas: schema.NewSet("#/components/schemas/", comments), comments: comments, shapes: map[string]string{}, known: map[string]bool{},
		answers: map[string]*schema.Object{}, named: map[string]string{}, schemes: map[string]*schema.Object{}, declared: map[string]*declaredScheme{}}
	pkgs = slices.SortedFunc(slices.Values(pkgs), func(a, b Package) int { return strings.Compare(a.Path, b.Path) })
	w.nameTags(pkgs)
	for _, p := range pkgs {
		w.pkg = p
		for _, h := range p.Handlers {
			for _, r := range h.Func.Routes {
				if !r.Hidden {
					w.route(h, r)
				}
			}
		}
	}
	w.nameOperations()
	root := new(schema.Object).Set("openapi", "3.1.0").Set(Mark, "bggen").Set("info", w.info(info)).Set("servers", servers(info.Servers))
	if len(w.tags) > 0 {
		root.Set("tags", w.tags)
	}
	root.Set("paths", w.paths())
	components, err := w.components()
	if err != nil {
		return nil, nil, err
	}
	if len(components.Members) > 0 {
		root.Set("components", components)
	}
	text, err = root.Indented()
	return text, w.notes, err
}

type writer struct {
	schemas  *schema.Set
	comments schema.Comments
	pkg      Package // whose handlers are written

	operations []*operation
	tags       []*schema.Object
	tagOf      map[string]string // by the paths of packages
	answers    map[string]*schema.Object
	named      map[string]string         // answers that are declared, by what is declared
	extra      map[string]*schema.Object // schemas that are of no type of a program
	schemes    map[string]*schema.Object
	declared   map[string]*declaredScheme // security schemes, by what directives say
	notes      []string
	known      map[string]bool   // methods and paths of the operations
	shapes     map[string]string // paths, by what they are without the names of wildcards
}

func (w *writer) note(format string, args ...any) {
	if text := fmt.Sprintf(format, args...); !slices.Contains(w.notes, text) {
		w.notes = append(w.notes, text)
	}
}

func (w *writer) info(info Info) *schema.Object {
	out := new(schema.Object).Set("title", cmp.Or(info.Title, "API")).Text("description", info.Description)
	if info.License != "" {
		out.Set("license", new(schema.Object).Set("name", info.License).Set("identifier", info.License))
	}
	return out.Set("version", cmp.Or(info.Version, "0.0.0"))
}

func servers(urls []string) (list []*schema.Object) {
	if len(urls) == 0 {
		urls = []string{"/"} // the one that serves the document
	}
	for _, url := range urls {
		list = append(list, new(schema.Object).Set("url", url))
	}
	return list
}

// nameTags gives each package with routes a tag: its name, or the end of its path
// where two have one name.
func (w *writer) nameTags(pkgs []Package) {
	w.tagOf = map[string]string{}
	names := map[string]int{}
	for _, p := range pkgs {
		names[p.Name]++
	}
	for _, p := range pkgs {
		if !p.hasOperations() {
			continue
		}
		tag := p.Name
		if names[tag] > 1 {
			tag = path.Join(path.Base(path.Dir(p.Path)), path.Base(p.Path))
		}
		w.tagOf[p.Path] = tag
		w.tags = append(w.tags, new(schema.Object).Set("name", tag).Text("description", p.Doc))
	}
}

// hasOperations reports whether a route of the package is in the document.
func (p Package) hasOperations() bool {
	return slices.ContainsFunc(p.Handlers, func(h *model.Handler) bool {
		return slices.ContainsFunc(h.Func.Routes, func(r scan.Route) bool { return !r.Hidden })
	})
}

// An operation is one route of a handler.
type operation struct {
	name, path, method string
	handler            *model.Handler
	tag                string
	content            *schema.Object
}

// nameOperations gives each operation an id: the handler's name, with the
// package in front where two are the same, and a number for a second route.
func (w *writer) nameOperations() {
	handlers := map[string]map[*model.Handler]bool{}
	for _, op := range w.operations {
		if handlers[op.name] == nil {
			handlers[op.name] = map[*model.Handler]bool{}
		}
		handlers[op.name][op.handler] = true
	}
	used := map[string]bool{}
	for _, op := range w.operations {
		name := op.name
		if len(handlers[name]) > 1 {
			name = lower(schema.Identifier(op.tag)) + schema.Upper(name)
		}
		id := name
		for n := 2; used[id]; n++ {
			id = fmt.Sprint(name, n)
		}
		used[id] = true
		op.content.Set("operationId", id)
	}
}

// methods are the ones of OpenAPI, in the order in which they are written.
var methods = []string{"get", "put", "post", "delete", "options", "head", "patch", "trace"}

func (w *writer) paths() *schema.Object {
	order := func(a, b *operation) int {
		return cmp.Or(strings.Compare(a.path, b.path), slices.Index(methods, a.method)-slices.Index(methods, b.method))
	}
	out := new(schema.Object)
	for _, op := range slices.SortedStableFunc(slices.Values(w.operations), order) {
		out.Child(op.path).Set(op.method, op.content)
	}
	return out
}

func (w *writer) components() (*schema.Object, error) {
	schemas, err := w.schemas.Components(w.extra)
	if err != nil {
		return nil, err
	}
	maps.Copy(schemas, w.extra)
	out := new(schema.Object)
	add := func(name string, list map[string]*schema.Object) {
		if len(list) > 0 {
			out.Set(name, sorted(list))
		}
	}
	add("responses", w.answers)
	add("schemas", schemas)
	add("securitySchemes", w.schemes)
	return out, nil
}

func sorted(list map[string]*schema.Object) *schema.Object {
	out := new(schema.Object)
	for _, name := range slices.Sorted(maps.Keys(list)) {
		out.Members = append(out.Members, schema.Member{Name: name, Value: list[name]})
	}
	return out
}
