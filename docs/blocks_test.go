package docs

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/format"
	"go/parser"
	"go/token"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// root is the repository's.
const root = ".."

// elsewhere are the pages whose programs another test runs: their programs have
// mistakes, and what is printed for each is compared.
var elsewhere = []string{"docs/analyzer.md", "docs/diagnostics.md", "docs/start.md"}

// TestBlocks generates code for every Go block of the documentation, and compiles
// both. What a block takes for granted, such as a type of the page's example, is in
// testdata/taken, in the file that is called like the page.
func TestBlocks(t *testing.T) {
	dir := newModule(t)
	var all []string
	for _, page := range pages(t) {
		if slices.Contains(elsewhere, page) {
			continue
		}
		text := read(t, filepath.Join(root, page))
		taken := takenBy(t, page)
		for _, b := range blocksOf(text) {
			if b.language != "go" {
				continue
			}
			name := fmt.Sprintf("%s_%d", nameOf(page), b.line)
			files, err := programOf(b.text, taken)
			if err != nil {
				t.Errorf("%s:%d: %v", page, b.line, err)
				continue
			}
			for file, text := range files {
				write(t, filepath.Join(dir, name, file), text)
				for _, m := range listed.FindAllStringSubmatch(text, -1) {
					write(t, filepath.Join(dir, name, m[1], "list.go"), "package list\n\n//bggen:route GET /list\nfunc List() string { return \"\" }\n")
				}
				for _, m := range embedded.FindAllStringSubmatch(text, -1) {
					write(t, filepath.Join(dir, name, m[1]), "{}")
				}
			}
			all = append(all, name)
		}
	}
	if len(all) < 40 {
		t.Fatalf("found only %d blocks", len(all))
	}
	for _, args := range [][]string{{"tool", "bggen", "./..."}, {"vet", "./..."}} {
		cmd := exec.CommandContext(t.Context(), "go", args...)
		cmd.Dir = dir
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("go %s: %v\n%s\nA directory is called after the page and the line of its block.", strings.Join(args, " "), err, out)
		}
	}
}

// newModule makes a module that requires what this one does.
func newModule(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	here, err := filepath.Abs(".")
	if err != nil {
		t.Fatal(err)
	}
	mod := strings.Replace(read(t, "go.mod"), "github.com/bggen/bggen/docs", "example.com", 1)
	mod = regexp.MustCompile(`=> (\.\S+)`).ReplaceAllStringFunc(mod, func(m string) string {
		return "=> " + filepath.Join(here, strings.TrimPrefix(m, "=> "))
	})
	write(t, filepath.Join(dir, "go.mod"), mod)
	write(t, filepath.Join(dir, "go.sum"), read(t, "go.sum"))
	if err := os.CopyFS(dir, os.DirFS(filepath.Join("testdata", "taken", "packages"))); err != nil {
		t.Fatal(err)
	}
	return dir
}

// pages returns all Markdown files for users, below root.
func pages(t *testing.T) []string {
	t.Helper()
	var pages []string
	for _, pattern := range []string{"README.md", "CONTRIBUTING.md", "docs/*.md", "docs/*/*.md", "examples/*/README.md", "runtime/*/README.md", "generator/lint/*/README.md"} {
		found, err := filepath.Glob(filepath.Join(root, pattern))
		if err != nil {
			t.Fatal(err)
		}
		for _, page := range found {
			rel, err := filepath.Rel(root, page)
			if err != nil {
				t.Fatal(err)
			}
			pages = append(pages, filepath.ToSlash(rel))
		}
	}
	return pages
}

// nameOf makes a name of files and packages from that of a page.
func nameOf(page string) string {
	return strings.NewReplacer("/", "_", ".", "_", "-", "_").Replace(strings.TrimSuffix(strings.ToLower(page), ".md"))
}

// A block is code in a page.
type block struct {
	language, text string
	line           int    // of its first line
	before         string // the last line of text before it
}

// blocksOf returns the blocks of a page, in their order.
func blocksOf(text string) (blocks []block) {
	var b *block
	fence, before := "", ""
	for i, line := range strings.SplitAfter(text, "\n") {
		trimmed := strings.TrimSpace(line)
		switch {
		case b == nil && strings.HasPrefix(trimmed, "```"):
			fence = line[:strings.Index(line, "`")]
			b = &block{language: strings.TrimPrefix(trimmed, "```"), line: i + 2, before: before}
		case b != nil && trimmed == "```":
			blocks = append(blocks, *b)
			b = nil
		case b != nil:
			b.text += strings.TrimPrefix(line, fence)
		case trimmed != "":
			before = trimmed
		}
	}
	return blocks
}

// A declaration is one that blocks may take for granted.
type declaration struct {
	names  []string // it has
	wanted []string // words in a block that ask for it
	text   string
}

// takenFor says which words ask for a declaration that they do not name: a provider is
// there for its type.
var takenFor = regexp.MustCompile(`(?m)^//taken:for (.*)\n`)

// takenBy returns the declarations that a page takes for granted.
func takenBy(t *testing.T, page string) (taken []declaration) {
	t.Helper()
	for _, name := range []string{nameOf(page), "all"} {
		text, err := os.ReadFile(filepath.Join("testdata", "taken", name+".go"))
		if os.IsNotExist(err) {
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		fset := token.NewFileSet()
		f, err := parser.ParseFile(fset, name+".go", text, parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range f.Decls {
			start := d.Pos()
			if doc := docOf(d); doc != nil {
				start = doc.Pos()
			}
			code := string(text[fset.Position(start).Offset:fset.Position(d.End()).Offset])
			names := declared(d)
			wanted := names
			if m := takenFor.FindStringSubmatch(code); m != nil {
				wanted = append(wanted, strings.Fields(m[1])...)
				code = takenFor.ReplaceAllString(code, "")
			}
			taken = append(taken, declaration{names, wanted, code})
		}
	}
	return taken
}

func docOf(d ast.Decl) *ast.CommentGroup {
	switch d := d.(type) {
	case *ast.FuncDecl:
		return d.Doc
	case *ast.GenDecl:
		return d.Doc
	}
	return nil
}

// declared returns the names of a declaration; that of a method is the receiver's type.
func declared(d ast.Decl) (names []string) {
	switch d := d.(type) {
	case *ast.FuncDecl:
		if d.Recv == nil {
			return []string{d.Name.Name}
		}
		of := d.Recv.List[0].Type
		if star, ok := of.(*ast.StarExpr); ok {
			of = star.X
		}
		return []string{of.(*ast.Ident).Name + "." + d.Name.Name}
	case *ast.GenDecl:
		for _, s := range d.Specs {
			switch s := s.(type) {
			case *ast.TypeSpec:
				names = append(names, s.Name.Name)
			case *ast.ValueSpec:
				for _, n := range s.Names {
					names = append(names, n.Name)
				}
			}
		}
	}
	return names
}

var word = regexp.MustCompile(`[\pL_][\pL\d_]*`)

func wordsOf(text string) map[string]bool {
	words := map[string]bool{}
	for _, w := range word.FindAllString(text, -1) {
		words[w] = true
	}
	return words
}

var (
	// importLines are imports that stand above statements.
	importLines = regexp.MustCompile(`(?m)^import .*$`)

	embedded = regexp.MustCompile(`(?m)^//go:embed (\S+)$`)

	listed = regexp.MustCompile(`(?m)^//bggen:openapi-package (\./\S+)`)

	leftOut  = regexp.MustCompile(`\{ *\.\.\. *\}`)
	leftLine = regexp.MustCompile(`(?m)^\s*\.\.\.$`)
	clause   = regexp.MustCompile(`(?m)^package \w+$`)
)

// programOf makes a package of a block: whole files stay as they are, declarations
// get a package clause and imports, and statements a function around them.
func programOf(text string, taken []declaration) (map[string]string, error) {
	text = leftOut.ReplaceAllString(text, `{ panic("left out") }`)
	text = leftLine.ReplaceAllString(text, "")
	if clause.MatchString(text) {
		f, err := parser.ParseFile(token.NewFileSet(), "", text, parser.ParseComments)
		if err != nil {
			return nil, err
		}
		if !strings.Contains(text, "import") { // the page leaves them out
			if text, err = withImports(text); err != nil {
				return nil, err
			}
		}
		files := map[string]string{"block.go": text}
		if more := neededBy(f, text, taken); more != "" {
			if files["taken.go"], err = withImports("package " + f.Name.Name + "\n\n" + more); err != nil {
				return nil, err
			}
		}
		if f.Name.Name == "main" && !strings.Contains(text, "func main()") {
			files["main.go"] = "package main\n\nfunc main() {}\n"
		}
		return files, nil
	}
	code := "package block\n\n" + text
	f, err := parser.ParseFile(token.NewFileSet(), "", code, parser.ParseComments)
	if err != nil {
		statements := strings.TrimLeft(importLines.ReplaceAllString(text, ""), "\n")
		head := "package block\n\n" + strings.Join(importLines.FindAllString(text, -1), "\n")
		body := head + "\n\nfunc _() {\n" + statements + "\n}\n"
		g, again := parser.ParseFile(token.NewFileSet(), "", body, parser.ParseComments)
		if again != nil {
			return nil, fmt.Errorf("neither declarations (%v) nor statements (%v)", err, again)
		}
		f, code = g, strings.TrimSuffix(body, "}\n")+used(g)+"}\n"
	} else {
		code = withBodies(code)
	}
	code, err = withImports(code + "\n\n" + neededBy(f, text, taken))
	return map[string]string{"block.go": code}, err
}

// used uses the variables that the statements of a block declare, since a block may
// end before it does.
func used(f *ast.File) string {
	var b strings.Builder
	for _, s := range f.Decls[len(f.Decls)-1].(*ast.FuncDecl).Body.List {
		switch s := s.(type) {
		case *ast.AssignStmt:
			if s.Tok != token.DEFINE {
				continue
			}
			for _, left := range s.Lhs {
				if n, ok := left.(*ast.Ident); ok && n.Name != "_" {
					fmt.Fprintf(&b, "_ = &%s\n", n.Name)
				}
			}
		case *ast.DeclStmt:
			for _, name := range declared(s.Decl) {
				if s.Decl.(*ast.GenDecl).Tok == token.VAR {
					fmt.Fprintf(&b, "_ = &%s\n", name)
				}
			}
		}
	}
	return b.String()
}

// withBodies gives bodies to functions of which only the signature is shown.
func withBodies(code string) string {
	fset := token.NewFileSet()
	f, err := parser.ParseFile(fset, "", code, 0)
	if err != nil {
		return code
	}
	for _, d := range slices.Backward(f.Decls) {
		if fn, ok := d.(*ast.FuncDecl); ok && fn.Body == nil {
			at := fset.Position(fn.End()).Offset
			code = code[:at] + ` { panic("left out") }` + code[at:]
		}
	}
	return code
}

// neededBy returns the declarations that a block needs and does not have.
func neededBy(f *ast.File, text string, taken []declaration) string {
	have := map[string]bool{}
	for _, d := range f.Decls {
		for _, name := range declared(d) {
			have[name] = true
		}
	}
	var texts []string
	words := wordsOf(text)
	for {
		i := slices.IndexFunc(taken, func(d declaration) bool {
			return !slices.ContainsFunc(d.names, func(name string) bool { return have[name] }) &&
				slices.ContainsFunc(d.wanted, func(word string) bool { return words[word] })
		})
		if i < 0 {
			return strings.Join(texts, "\n\n")
		}
		for _, name := range taken[i].names {
			have[name] = true
		}
		texts = append(texts, taken[i].text)
		maps.Copy(words, wordsOf(taken[i].text))
	}
}

// withImports adds the imports of the packages that the code names.
func withImports(code string) (string, error) {
	f, err := parser.ParseFile(token.NewFileSet(), "", code, parser.ParseComments)
	if err != nil {
		return "", fmt.Errorf("%w in\n%s", err, code)
	}
	open := map[*ast.Ident]bool{}
	for _, n := range f.Unresolved {
		open[n] = true
	}
	var list []string
	ast.Inspect(f, func(n ast.Node) bool {
		if s, ok := n.(*ast.SelectorExpr); ok {
			if x, ok := s.X.(*ast.Ident); ok && open[x] && imports[x.Name] != "" {
				list = append(list, fmt.Sprintf("import %s %q\n", x.Name, imports[x.Name]))
			}
		}
		return true
	})
	slices.Sort(list)
	for _, im := range f.Imports {
		path := strings.Trim(im.Path.Value, `"`)
		name := path[strings.LastIndex(path, "/")+1:]
		if im.Name != nil {
			name = im.Name.Name
		}
		list = slices.DeleteFunc(list, func(l string) bool { return strings.HasPrefix(l, "import "+name+" ") })
	}
	at := clause.FindStringIndex(code)[1]
	out, err := format.Source([]byte(code[:at] + "\n\n" + strings.Join(slices.Compact(list), "") + code[at:]))
	return string(out), err
}

func read(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(bytes.ReplaceAll(text, []byte("\r\n"), []byte("\n")))
}

func write(t *testing.T, name, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}
