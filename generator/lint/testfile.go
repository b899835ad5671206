package lint

import "strings"

// checkTestFiles reports directives that nobody reads: a guard in a test file
// guards nothing.
func (l *linter) checkTestFiles() {
	for _, file := range l.Files {
		if !strings.HasSuffix(l.Fset.File(file.Pos()).Name(), "_test.go") {
			continue
		}
		for _, group := range file.Comments {
			for _, c := range group.List {
				if _, ok := parseDirective(c); ok {
					l.ReportRangef(c, "bggen does not read test files: this directive means nothing here")
				}
			}
		}
	}
}
