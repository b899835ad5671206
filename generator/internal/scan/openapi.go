package scan

import (
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/bggen/bggen/generator/internal/diag"
)

// An OpenAPI is an openapi directive: a document that is generated in the
// directory of the package.
type OpenAPI struct {
	diag.Range
	File, Title, Version, License string
	Servers                       []string
}

// An OpenAPIPackage is an openapi-package directive: a package whose operations
// are in the document, and where they are mounted.
type OpenAPIPackage struct {
	diag.Range
	Dir   string // relative to that of the package
	Mount string // "": where their routes say
}

// An Answer is an error that a function answers with, as it declares.
type Answer struct {
	diag.Range
	Status int
	Text   string // "": as net/http calls it
}

// answers reads statuses: 404, or 409="there is not enough of it".
func (s *scanner) answers(t *target, d directive) bool {
	t.read = len(d.args)
	for _, arg := range d.args {
		status, text, _ := strings.Cut(arg.text, "=")
		n, err := strconv.Atoi(status)
		switch {
		case err != nil || n < 400 || n > 599:
			s.report(diag.New(diag.DirectiveArgument, arg.Range, "%s takes no argument %q", d, arg.text).
				WithHint("it takes statuses from 400 to 599: 404, or 409=\"there is not enough of it\""))
		case slices.ContainsFunc(t.f.Answers, func(a Answer) bool { return a.Status == n }):
			s.report(diag.New(diag.DirectiveArgument, arg.Range, "%d is given twice", n).WithHint("keep one of them"))
		default:
			t.f.Answers = append(t.f.Answers, Answer{arg.Range, n, text})
		}
	}
	return true
}

// checkAnswers complains of answers on a function that answers no request.
func (s *scanner) checkAnswers(f *Func) {
	if len(f.Answers) > 0 && f.Role != Handler && !mayBeProvider(f) {
		s.report(diag.New(diag.MisplacedDirective, f.Range, "%s declares answers, and is no handler, provider or guard", f.FullName()).
			WithHint("take //bggen:answers away, or add //bggen:route, //bggen:provide or //bggen:guard"))
	}
}

// mayBeProvider reports whether a function is a provider or a guard, or one that a
// depends directive may make a guard.
func mayBeProvider(f *Func) bool {
	fails := len(f.Results) > 0 && IsError(f.Results[len(f.Results)-1])
	return f.Role == Provider || f.Role == 0 && fails
}

var openAPIOptions = []option{
	{key: "title", set: func(t *target, value string) bool { t.openAPI.Title = value; return value != "" }, want: "a text"},
	{key: "version", set: func(t *target, value string) bool { t.openAPI.Version = value; return value != "" }, want: "a text"},
	{key: "license", set: func(t *target, value string) bool { t.openAPI.License = value; return value != "" }, want: "a SPDX identifier such as Apache-2.0"},
	{key: "server", set: func(t *target, value string) bool {
		t.openAPI.Servers = strings.Split(value, ",")
		return value != ""
	}, want: "an address, or several with commas between them"},
}

func (s *scanner) openAPI(t *target, d directive) bool {
	name := d.args[0]
	switch {
	case path.Base(name.text) != name.text || !slices.Contains([]string{".json", ".yaml", ".yml"}, path.Ext(name.text)):
		s.report(diag.New(diag.DirectiveArgument, name.Range, "%q is no file for a document", name.text).
			WithHint("it is a name without a directory that ends in .json, .yaml or .yml: openapi.json"))
		return false
	case s.pkg.OpenAPI != nil:
		s.report(diag.New(diag.DirectiveConflict, d.Range, "a second %s", d).WithHint("a package has one document"))
		return false
	}
	t.openAPI = &OpenAPI{Range: d.Range, File: name.text}
	s.pkg.OpenAPI = t.openAPI
	return true
}

func (s *scanner) openAPIPackage(t *target, d directive) bool {
	dir := d.args[0]
	if dir.text != "." && !strings.HasPrefix(dir.text, "./") && !strings.HasPrefix(dir.text, "../") {
		s.report(diag.New(diag.DirectiveArgument, dir.Range, "%q is no directory", dir.text).
			WithHint("the directory of a package begins with a dot: ./admin"))
		return false
	}
	p := OpenAPIPackage{Range: d.Range, Dir: path.Clean(dir.text)}
	if len(d.args) > 1 {
		if p.Mount = d.args[1].text; !isPrefix(p.Mount) {
			s.report(diag.New(diag.DirectiveArgument, d.args[1].Range, "%q is no prefix of paths", p.Mount).
				WithHint("a prefix begins with a slash and does not end with one: /admin"))
			return false
		}
		t.read = 2
	}
	if slices.ContainsFunc(s.pkg.OpenAPIPackages, func(o OpenAPIPackage) bool { return o.Dir == p.Dir }) {
		s.report(diag.New(diag.DirectiveConflict, d.Range, "a second %s of %s", d, p.Dir).WithHint("keep one of them"))
		return false
	}
	s.pkg.OpenAPIPackages = append(s.pkg.OpenAPIPackages, p)
	return true
}

// checkOpenAPI complains of packages for a document that there is not.
func (s *scanner) checkOpenAPI() {
	if s.pkg.OpenAPI == nil {
		for _, p := range s.pkg.OpenAPIPackages {
			s.report(diag.New(diag.MisplacedDirective, p.Range, "there is no document that the package %s could be in", p.Dir).
				WithHint("add //bggen:openapi openapi.json"))
		}
	}
}
