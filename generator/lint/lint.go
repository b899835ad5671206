package lint

import (
	"go/ast"
	"go/token"
	"go/types"

	"github.com/bggen/bggen/generator/internal/scan"
	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/passes/inspect"
	"golang.org/x/tools/go/ast/inspector"
	"golang.org/x/tools/go/ssa"
)

// Analyzer reports mistakes with background tasks.
var Analyzer = &analysis.Analyzer{
	Name:      "bggen",
	Doc:       "find background tasks that use what has ended when they run, and other mistakes with github.com/bggen/bggen/runtime",
	URL:       "https://pkg.go.dev/github.com/bggen/bggen/generator/lint",
	Run:       run,
	Requires:  []*analysis.Analyzer{inspect.Analyzer},
	FactTypes: []analysis.Fact{new(directedFact), new(answersFact)},
}

// lookAtAll and saySilence are the flags of Analyzer.
var lookAtAll, saySilence bool

func init() {
	Analyzer.Flags.BoolVar(&lookAtAll, "all", false, "look at packages that do not import the runtime, too")
	Analyzer.Flags.BoolVar(&saySilence, "why", false, "say where a goroutine is not reported, and why")
}

const runtimePath = scan.RuntimePath

func run(pass *analysis.Pass) (any, error) {
	l := &linter{
		Pass:     pass,
		decls:    map[*types.Func]*ast.FuncDecl{},
		said:     map[*types.Func]*scan.Func{},
		released: map[string]string{},
		provided: map[string]bool{},
		values:   map[ast.Expr]ssa.Value{},
		written:  map[ssa.Value][]write{},
		holding:  map[types.Type]bool{},
		reported: map[token.Pos]bool{},
		read:     new(scan.Package),
		answers:  map[string]*answersFact{},
		looked:   map[ast.Node]*sight{},
	}
	l.readDirectives()
	l.findFunctions()
	answers := l.importAnswers()
	if !l.imports(runtimePath) && !lookAtAll && !answers {
		return nil, nil
	}
	l.buildSSA()
	if answers {
		l.exportAnswers()
	}
	if !l.imports(runtimePath) && !lookAtAll {
		return nil, nil
	}
	l.importDirected()
	in := pass.ResultOf[inspect.Analyzer].(*inspector.Inspector)
	l.findTasks(in)
	for _, file := range l.Files {
		if !ast.IsGenerated(file) {
			l.file(file)
		}
	}
	l.checkAnswers()
	l.checkStale()
	l.checkTestFiles()
	return nil, nil
}

// A linter looks at one package.
type linter struct {
	*analysis.Pass
	decls     map[*types.Func]*ast.FuncDecl
	tasks     []*ast.FuncLit             // what is added
	said      map[*types.Func]*scan.Func // what directives say of functions
	mentioned []string                   // packages that directives name
	directed  []directedPackage          // that are imported, at any depth
	released  map[string]string          // provider that releases them or settles them, by type
	provided  map[string]bool            // types that a provider of the package makes
	prog      *ssa.Program
	values    map[ast.Expr]ssa.Value
	written   map[ssa.Value][]write
	holding   map[types.Type]bool     // known of holdsEnded
	reported  map[token.Pos]bool      // captured by a task
	read      *scan.Package           // what directives say
	answers   map[string]*answersFact // of imported packages, at any depth
	stored    map[*ssa.Global][]ssa.Value
	looked    map[ast.Node]*sight
}

func (l *linter) imports(path string) bool {
	for _, p := range l.Pkg.Imports() {
		if p.Path() == path {
			return true
		}
	}
	return false
}

// findFunctions notes the functions of the package.
func (l *linter) findFunctions() {
	for _, file := range l.Files {
		for _, decl := range file.Decls {
			if fn, ok := decl.(*ast.FuncDecl); ok {
				if obj, ok := l.TypesInfo.Defs[fn.Name].(*types.Func); ok {
					l.decls[obj] = fn
				}
			}
		}
	}
}

// findTasks notes the closures that are added as tasks.
func (l *linter) findTasks(in *inspector.Inspector) {
	in.Preorder([]ast.Node{(*ast.CallExpr)(nil)}, func(n ast.Node) {
		if call := n.(*ast.CallExpr); l.isAdd(call) {
			if lit := l.closure(call.Args[0]); lit != nil {
				l.tasks = append(l.tasks, lit)
			}
		}
	})
}

// namedType is the named type of t, or of what t points to.
func namedType(t types.Type) *types.Named {
	if p, ok := types.Unalias(t).(*types.Pointer); ok {
		t = p.Elem()
	}
	named, _ := types.Unalias(t).(*types.Named)
	return named
}

func isNamed(t types.Type, path, name string) bool {
	named := namedType(t)
	return named != nil && named.Obj().Pkg() != nil && named.Obj().Pkg().Path() == path && named.Obj().Name() == name
}

func isCollector(t types.Type) bool { return isNamed(t, runtimePath, "BackgroundTasks") }

func isWriter(t types.Type) bool { return isNamed(t, "net/http", "ResponseWriter") }

func isContext(t types.Type) bool { return isNamed(t, "context", "Context") }

// callee is the function that a call calls, if that is known.
func (l *linter) callee(call *ast.CallExpr) *types.Func { return l.named(call.Fun) }

// named is the function that an expression names, nil if it is something else.
func (l *linter) named(e ast.Expr) *types.Func {
	var id *ast.Ident
	switch e := ast.Unparen(e).(type) {
	case *ast.Ident:
		id = e
	case *ast.SelectorExpr:
		id = e.Sel
	}
	f, _ := l.TypesInfo.Uses[id].(*types.Func)
	return f
}

// converts reports whether a call is a conversion to another type.
func (l *linter) converts(call *ast.CallExpr) bool {
	return l.TypesInfo.Types[call.Fun].IsType() && len(call.Args) == 1
}

// closure is the closure that an expression is, converted to a named type or not.
func (l *linter) closure(e ast.Expr) *ast.FuncLit {
	if call, ok := ast.Unparen(e).(*ast.CallExpr); ok && l.converts(call) {
		e = call.Args[0]
	}
	lit, _ := ast.Unparen(e).(*ast.FuncLit)
	return lit
}

// isAdd reports whether a call adds a closure as a task: to a collector, or to
// a Response.
func (l *linter) isAdd(call *ast.CallExpr) bool {
	f := l.callee(call)
	return f != nil && f.Name() == "Add" && f.Pkg() != nil && f.Pkg().Path() == runtimePath && len(call.Args) > 0
}
