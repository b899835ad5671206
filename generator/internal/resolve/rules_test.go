package resolve

import (
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"testing"

	"github.com/bggen/bggen/generator/internal/load"
	"github.com/bggen/bggen/generator/internal/model"
	"github.com/bggen/bggen/generator/internal/scan"
)

// stubs are as much of other packages as signatures need.
var stubs = map[string]string{
	"context":                        "package context; type Context interface{ Done() }",
	"io":                             "package io; type Reader interface{ Read(p []byte) (int, error) }",
	"net/http":                       "package http; type Request struct{}; type ResponseWriter interface{ Write([]byte) (int, error) }",
	"github.com/bggen/bggen/runtime": "package runtime; type BackgroundTasks struct{}; type Runner struct{}",
}

// read is a resolver that has read a package, and resolved nothing.
func read(t *testing.T, text string) *resolver {
	t.Helper()
	fset := token.NewFileSet()
	parse := func(text string) []*ast.File {
		file, err := parser.ParseFile(fset, "test.go", text, parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		return []*ast.File{file}
	}
	known := map[string]*types.Package{}
	for path, stub := range stubs {
		p, err := new(types.Config).Check(path, fset, parse(stub), nil)
		if err != nil {
			t.Fatal(err)
		}
		known[path] = p
	}
	loaded := load.FromSyntax(types.Config{}, "example.com/test", "test", fset, parse(text), known)
	for _, err := range loaded.TypeErrs {
		t.Fatal(err)
	}
	r := newResolver(scan.Scan(loaded), Around{
		Import:     func(string) *scan.Package { return nil },
		DeclaredAs: func(*types.TypeName) (string, string) { return "", "" },
	})
	r.findApp()
	r.findProviders()
	return r
}

const ruled = `package test

import (
	"context"
	"io"
	"net/http"

	"github.com/bggen/bggen/runtime"
)

type DB struct{}
func (*DB) Get() {}
//bggen:provide
func NewDB() *DB { return nil }

type Box[T any] struct{ value T }
//bggen:provide
func NewBox[T any]() Box[T] { return Box[T]{} }

type Mailer struct{}
func (*Mailer) Send() {}
//bggen:app
type App struct{ Mailer *Mailer; Limit int }

type User struct{ Name string }
func RequireUser() (User, error) { return User{}, nil }

type ID int
func (*ID) UnmarshalText([]byte) error { return nil }
type Page struct { Number int ` + "`query:\"page\"`" + ` }
type Opaque struct{ x int }
type Order struct{ Lines []string }

//bggen:route GET /{id}/{of}
//bggen:depends chosen=NewDB
//bggen:depends limit=App.Limit
//bggen:param role header=X-Role
func Handler(
	ctx context.Context, r *http.Request, w http.ResponseWriter, bg *runtime.BackgroundTasks, runner *runtime.Runner,
	chosen interface{ Get() }, limit int, role string,
	id ID, of string, body Order, user User,
	db *DB, box Box[string], app *App, mailer *Mailer,
	getter interface{ Get() }, sender interface{ Send() },
	page Page, q string, more []int, maybe *bool,
	reader io.Reader, opaque Opaque, anything any,
) {}

//bggen:task
func Task(ctx context.Context, db *DB, mailer *Mailer, sender interface{ Send() }, page Page, body Order, id int) {}
`

// TestRules checks which rule finds the source of a parameter, and which
// function a rule says that it would call.
func TestRules(t *testing.T) {
	r := read(t, ruled)
	guard := &model.Call{Provider: r.in.ByName["RequireUser"], Guard: true}
	guard.Type = guard.Provider.Results[0]
	for _, c := range []struct{ f, param, rule, source string }{
		{"Handler", "ctx", "special type", ""},
		{"Handler", "r", "special type", ""},
		{"Handler", "w", "special type", ""},
		{"Handler", "bg", "special type", ""},
		{"Handler", "runner", "special type", ""},
		{"Handler", "chosen", "depends directive", "NewDB"},
		{"Handler", "limit", "depends directive", ""},
		{"Handler", "role", "param directive", ""},
		{"Handler", "id", "wildcard", ""},
		{"Handler", "of", "wildcard", ""},
		{"Handler", "body", "body", ""},
		{"Handler", "user", "guard", "RequireUser"},
		{"Handler", "db", "provider", "NewDB"},
		{"Handler", "box", "provider", "NewBox"},
		{"Handler", "app", "app value", ""},
		{"Handler", "mailer", "app value", ""},
		{"Handler", "getter", "interface", "NewDB"},
		{"Handler", "sender", "interface", ""},
		{"Handler", "page", "parameter struct", ""},
		{"Handler", "q", "query", ""},
		{"Handler", "more", "query", ""},
		{"Handler", "maybe", "query", ""},
		{"Handler", "reader", "", ""}, // an interface of the standard library
		{"Handler", "opaque", "", ""},
		{"Handler", "anything", "", ""},
		{"Task", "ctx", "special type", ""},
		{"Task", "db", "provider", "NewDB"},
		{"Task", "mailer", "app value", ""},
		{"Task", "sender", "interface", ""},
		{"Task", "page", "", ""}, // an argument, and so are those below
		{"Task", "body", "", ""},
		{"Task", "id", "", ""},
	} {
		f := r.in.ByName[c.f]
		at := site{resolver: r, path: []*scan.Func{f}, guards: []*model.Call{guard}, task: f.Role == scan.Task}
		if len(f.Routes) > 0 {
			at.wildcards = f.Routes[0].Wildcards
		}
		p, ok := paramNamed(f, c.param)
		if !ok {
			t.Fatalf("%s has no parameter %s", c.f, c.param)
		}
		found, rule := at.source(p)
		source := ""
		if found != nil && found.source != nil {
			source = found.source.FullName()
		}
		if rule.name != c.rule || source != c.source {
			t.Errorf("%s of %s: rule %q with %q, want %q with %q", c.param, c.f, rule.name, source, c.rule, c.source)
		}
	}
	if len(r.out.Diagnostics) > 0 {
		t.Errorf("looking has reported %s", r.out.Diagnostics[0].Message)
	}
}
