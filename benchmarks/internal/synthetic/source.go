package synthetic

import (
	"context"
	"fmt"
	"strings"
)

const (
	sourceFile = "source.go" // of a package: types, providers and handlers
	wireFile   = "wire.go"   // the injectors, which wire reads and go build does not
)

// Providers writes a module of one package with n providers, each of which
// needs two others, and one handler or injector that needs them all. The last
// provider holds a database and an HTTP client, or nothing if alone is set: the
// package then imports nothing at all.
func Providers(ctx context.Context, dir, root string, tool Tool, n int, alone bool) (*Module, error) {
	var src, names strings.Builder
	src.WriteString("package p\n")
	if !alone {
		src.WriteString("\nimport (\n\t\"database/sql\"\n\t\"net/http\"\n)\n\ntype Clients struct {\n\tDB *sql.DB\n\tHTTP *http.Client\n}\n")
	}
	if tool == Bggen {
		src.WriteString("\n//bggen:route GET /\nfunc Home(t *T0) string { return \"home\" }\n")
	}
	for i := range n {
		var params []string
		for _, child := range []int{2*i + 1, 2*i + 2} {
			if child < n {
				params = append(params, fmt.Sprintf("t%d *T%d", child, child))
			}
		}
		fmt.Fprintf(&src, "\ntype T%d struct{}\n\n//bggen:provide\nfunc NewT%d(%s) (*T%d, error) { return new(T%d), nil }\n", i, i, strings.Join(params, ", "), i, i)
		fmt.Fprintf(&names, "NewT%d, ", i)
	}
	files := map[string]string{"p/" + sourceFile: src.String()}
	if tool == Wire {
		files["p/"+wireFile] = wireHeader("p") + fmt.Sprintf("\nfunc Home() (*T0, error) {\n\twire.Build(%s)\n\treturn nil, nil\n}\n", names.String())
	}
	return write(ctx, dir, root, tool, nil, files)
}

func wireHeader(pkg string) string {
	return "//go:build wireinject\n\npackage " + pkg + "\n\nimport \"github.com/google/wire\"\n"
}

// imports is what the packages of a module import, with a type of each that a
// provider holds.
type imports []struct{ path, use string }

var (
	small = imports{
		{"context", "Context"}, {"database/sql", "DB"}, {"encoding/json", "Decoder"}, {"html/template", "Template"}, {"io", "Reader"},
		{"log/slog", "Logger"}, {"net/http/httputil", "ReverseProxy"}, {"os/exec", "Cmd"}, {"regexp", "Regexp"}, {"text/template", "Template"},
	}
	medium = imports{
		{"context", "Context"}, {"database/sql", "DB"}, {"encoding/json", "Decoder"}, {"log/slog", "Logger"},
		{"github.com/gin-gonic/gin", "Engine"}, {"gorm.io/gorm", "DB"}, {"github.com/jackc/pgx/v5", "Conn"}, {"google.golang.org/grpc", "ClientConn"},
	}
	large         = append(medium[:len(medium):len(medium)], imports{{"k8s.io/client-go/kubernetes", "Clientset"}}...)
	mediumModules = []string{"github.com/gin-gonic/gin", "gorm.io/gorm", "github.com/jackc/pgx/v5", "google.golang.org/grpc",
		"google.golang.org/genproto/googleapis/rpc", "golang.org/x/crypto", "golang.org/x/net", "golang.org/x/sync", "golang.org/x/sys", "golang.org/x/text"}
	largeModules = append(mediumModules[:len(mediumModules):len(mediumModules)], "k8s.io/client-go")
)

// Sized writes the module S, M or L: 20 packages of 30 handlers.
func Sized(ctx context.Context, dir, root string, tool Tool, size string) (*Module, error) {
	switch size {
	case "S":
		return Handlers(ctx, dir, root, tool, 20, 30)
	case "M":
		return handlers(ctx, dir, root, tool, 20, 30, medium, mediumModules)
	case "L":
		return handlers(ctx, dir, root, tool, 20, 30, large, largeModules)
	}
	return nil, fmt.Errorf("no module %q", size)
}

// Handlers writes a module of packages with so many handlers each, which import
// the standard library only.
func Handlers(ctx context.Context, dir, root string, tool Tool, packages, each int) (*Module, error) {
	return handlers(ctx, dir, root, tool, packages, each, small, nil)
}

func handlers(ctx context.Context, dir, root string, tool Tool, packages, each int, imports imports, modules []string) (*Module, error) {
	files := map[string]string{}
	for p := range packages {
		pkg := fmt.Sprintf("p%d", p)
		files[pkg+"/"+sourceFile] = source(pkg, tool, each, imports)
		if tool == Wire {
			files[pkg+"/"+wireFile] = injectors(pkg, each, len(imports))
		}
	}
	return write(ctx, dir, root, tool, modules, files)
}

// source is a package of providers that hold what it imports, and of handlers
// that need one each. Those of wire are structs, made by a provider.
func source(pkg string, tool Tool, each int, imports imports) string {
	var b strings.Builder
	fmt.Fprintf(&b, "package %s\n\nimport (\n", pkg)
	for i, imp := range imports {
		fmt.Fprintf(&b, "\tx%d %q\n", i, imp.path)
	}
	if tool == Bggen {
		b.WriteString("\n\t\"github.com/bggen/bggen/runtime\"\n")
	}
	b.WriteString(")\n")
	for i, imp := range imports {
		fmt.Fprintf(&b, "\ntype Dep%d struct{ V *x%d.%s }\n\n//bggen:provide\nfunc NewDep%d() (*Dep%d, error) { return nil, nil }\n", i, i, imp.use, i, i)
	}
	for i := range each {
		dep := i % len(imports)
		fmt.Fprintf(&b, "\ntype Out%d struct{ ID int }\n", i)
		if tool == Bggen {
			fmt.Fprintf(&b, "\n//bggen:route POST /%s/h%d/{id}\nfunc Handler%d(id int, q *string, body Out%d, dep *Dep%d, bg *runtime.BackgroundTasks) (Out%d, error) {\n\treturn body, nil\n}\n", pkg, i, i, i, dep, i)
		} else {
			fmt.Fprintf(&b, "\ntype Handler%d struct{ dep *Dep%d }\n\nfunc NewHandler%d(dep *Dep%d) *Handler%d { return &Handler%d{dep} }\n", i, dep, i, dep, i, i)
		}
	}
	return b.String()
}

func injectors(pkg string, each, deps int) string {
	var b strings.Builder
	b.WriteString(wireHeader(pkg))
	for i := range each {
		fmt.Fprintf(&b, "\nfunc InitHandler%d() (*Handler%d, error) {\n\twire.Build(NewDep%d, NewHandler%d)\n\treturn nil, nil\n}\n", i, i, i%deps, i)
	}
	return b.String()
}
