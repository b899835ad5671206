package openapi

import (
	"cmp"
	"fmt"
	"go/token"
	"go/types"
	"path"
	"slices"
	"strings"

	"github.com/bggen/bggen/generator/internal/model"
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

// Comments returns the comment of what is declared at a position, "" if there is
// none.
type Comments func(pkg *types.Package, at token.Pos) string

// Write returns the document in JSON, and notes on what it leaves out.
func Write(info Info, pkgs []Package, comments Comments) (text []byte, notes []string, err error) {
	w := &writer{schemas: newSchemas(comments), comments: comments, shapes: map[string]string{}, known: map[string]bool{}}
	pkgs = slices.SortedFunc(slices.Values(pkgs), func(a, b Package) int { return strings.Compare(a.Path, b.Path) })
	w.nameTags(pkgs)
	for _, p := range pkgs {
		w.pkg = p
		for _, h := range p.Handlers {
			for _, r := range h.Func.Routes {
				w.route(h, r)
			}
		}
	}
	w.nameOperations()
	root := new(object).set("openapi", "3.1.0").set(Mark, "bggen").set("info", w.info(info)).set("servers", servers(info.Servers))
	if len(w.tags) > 0 {
		root.set("tags", w.tags)
	}
	root.set("paths", w.paths())
	if components := w.components(); len(components.members) > 0 {
		root.set("components", components)
	}
	text, err = root.indented()
	return text, w.notes, err
}

type writer struct {
	schemas  *schemas
	comments Comments
	pkg      Package // whose handlers are written

	operations []*operation
	tags       []*object
	tagOf      map[string]string // by the paths of packages
	answers    map[string]*object
	schemes    map[string]*object
	notes      []string
	known      map[string]bool   // methods and paths of the operations
	shapes     map[string]string // paths, by what they are without the names of wildcards
}

func (w *writer) note(format string, args ...any) {
	w.notes = append(w.notes, fmt.Sprintf(format, args...))
}

func (w *writer) info(info Info) *object {
	out := new(object).set("title", cmp.Or(info.Title, "API")).text("description", info.Description)
	if info.License != "" {
		out.set("license", new(object).set("name", info.License).set("identifier", info.License))
	}
	return out.set("version", cmp.Or(info.Version, "0.0.0"))
}

func servers(urls []string) (list []*object) {
	if len(urls) == 0 {
		urls = []string{"/"} // the one that serves the document
	}
	for _, url := range urls {
		list = append(list, new(object).set("url", url))
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
		if !p.HasRoutes() {
			continue
		}
		tag := p.Name
		if names[tag] > 1 {
			tag = path.Join(path.Base(path.Dir(p.Path)), path.Base(p.Path))
		}
		w.tagOf[p.Path] = tag
		w.tags = append(w.tags, new(object).set("name", tag).text("description", p.Doc))
	}
}

// An operation is one route of a handler.
type operation struct {
	name, path, method string
	handler            *model.Handler
	tag                string
	content            *object
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
			name = lower(identifier(op.tag)) + upper(name)
		}
		id := name
		for n := 2; used[id]; n++ {
			id = fmt.Sprint(name, n)
		}
		used[id] = true
		op.content.set("operationId", id)
	}
}

// methods are the ones of OpenAPI, in the order in which they are written.
var methods = []string{"get", "put", "post", "delete", "options", "head", "patch", "trace"}

func (w *writer) paths() *object {
	order := func(a, b *operation) int {
		return cmp.Or(strings.Compare(a.path, b.path), slices.Index(methods, a.method)-slices.Index(methods, b.method))
	}
	out := &object{}
	for _, op := range slices.SortedStableFunc(slices.Values(w.operations), order) {
		out.child(op.path).set(op.method, op.content)
	}
	return out
}

func (w *writer) components() *object {
	out := &object{}
	for name, list := range map[string]map[string]*object{"schemas": w.schemas.components(), "responses": w.answers, "securitySchemes": w.schemes} {
		if len(list) > 0 {
			out.set(name, sorted(list))
		}
	}
	slices.SortFunc(out.members, func(a, b member) int { return strings.Compare(a.name, b.name) })
	return out
}

func sorted(list map[string]*object) *object {
	out := &object{}
	for name, value := range list {
		out.members = append(out.members, member{name, value})
	}
	slices.SortFunc(out.members, func(a, b member) int { return strings.Compare(a.name, b.name) })
	return out
}
