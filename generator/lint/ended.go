package lint

import (
	"cmp"
	"go/types"

	"github.com/bggen/bggen/generator/internal/scan"
)

// ended says why a value of type t is of no use when a task runs, "" if that
// cannot be told from the type.
func (l *linter) ended(t types.Type) string {
	if why := requestEnds(t); why != "" {
		return why
	}
	switch {
	case isWriter(t):
		return "the response is written"
	case isUpload(t):
		return "the files of the form are removed"
	}
	if by := l.releasedBy(t); by != "" {
		return "what " + by + " makes has been given back"
	}
	return ""
}

// isUpload reports whether t is a file of a form, or several.
func isUpload(t types.Type) bool {
	if byName, ok := t.Underlying().(*types.Map); ok {
		t = byName.Elem()
	}
	if list, ok := t.Underlying().(*types.Slice); ok {
		t = list.Elem()
	}
	return isNamed(t, "mime/multipart", "File") || isNamed(t, "mime/multipart", "FileHeader") || isNamed(t, "mime/multipart", "Form")
}

// isData reports whether values of t hold nothing that could end.
func isData(t types.Type) bool { return isDataAt(t, 0) }

func isDataAt(t types.Type, depth int) bool {
	if depth > 10 { // a type of itself
		return false
	}
	switch u := t.Underlying().(type) {
	case *types.Basic:
		return true
	case *types.Slice:
		return isDataAt(u.Elem(), depth+1)
	case *types.Array:
		return isDataAt(u.Elem(), depth+1)
	case *types.Map:
		return isDataAt(u.Key(), depth+1) && isDataAt(u.Elem(), depth+1)
	}
	return isNamed(t, "time", "Time") || isNamed(t, "net/url", "URL") || scan.IsError(t)
}

// structOf is the struct that t is, or points to.
func structOf(t types.Type) *types.Struct {
	if p, ok := t.Underlying().(*types.Pointer); ok {
		t = p.Elem()
	}
	of, _ := t.Underlying().(*types.Struct)
	return of
}

// detaches reports whether t is a context of one's own, which says by itself when
// it ends.
func (l *linter) detaches(t types.Type) bool {
	obj, index, _ := types.LookupFieldOrMethod(t, true, l.Pkg, "Done")
	_, method := obj.(*types.Func)
	value, _, _ := types.LookupFieldOrMethod(t, true, l.Pkg, "Value")
	return method && len(index) == 1 && value != nil
}

// holdsEnded reports whether a type of this package has a field that ends, or is
// such a field.
func (l *linter) holdsEnded(t types.Type, depth int) bool {
	if holds, known := l.holding[t]; known {
		return holds
	}
	holds := l.ended(t) != "" || isContext(t)
	if named, of := namedType(t), structOf(t); !holds && of != nil && depth < 4 && (named == nil || named.Obj().Pkg() == l.Pkg) {
		l.holding[t] = false // in itself
		for f := range of.Fields() {
			holds = holds || l.holdsEnded(f.Type(), depth+1)
		}
	}
	l.holding[t] = holds
	return holds
}

// noteFields notes the fields of a parameter that end, of those types that
// matter; whole: one of them makes all of it useless.
func (s *scope) noteFields(obj types.Object, whole bool, matters func(t types.Type) bool) {
	of := structOf(obj.Type())
	if of == nil {
		return
	}
	parts := map[string]string{}
	for f := range of.Fields() {
		if why := s.linter.ended(f.Type()); why != "" && matters(f.Type()) {
			parts[f.Name()] = why
			if whole {
				s.ended[obj] = cmp.Or(s.ended[obj], why)
			}
		}
	}
	if len(parts) > 0 {
		s.parts[obj] = parts
	}
}
