package lint

import (
	"go/ast"
	"strings"
)

// checkTestFiles reports directives that nobody reads: a guard in a test file
// guards nothing.
func (l *linter) checkTestFiles() {
	for _, file := range l.Files {
		if l.isTest(file) {
			for _, c := range directives(file) {
				l.ReportRangef(c, "bggen does not read test files: this directive means nothing here")
			}
		}
	}
}

func (l *linter) isTest(file *ast.File) bool {
	return strings.HasSuffix(l.Fset.File(file.FileStart).Name(), "_test.go")
}

// directives are the comments of a file that package scan takes for directives.
func directives(file *ast.File) (list []*ast.Comment) {
	for _, group := range file.Comments {
		for _, c := range group.List {
			if strings.HasPrefix(c.Text, "//bggen:") {
				list = append(list, c)
			}
		}
	}
	return list
}
