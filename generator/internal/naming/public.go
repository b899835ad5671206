package naming

import (
	"go/types"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/bggen/bggen/generator/internal/gotype"
	"github.com/bggen/bggen/generator/internal/scan"
)

// Base is the name of f, after that of its receiver's type, and with those of
// the types that are filled in.
func Base(f *scan.Func) string {
	name := f.Name
	if f.Receiver != nil {
		name = f.Receiver.Named.Obj().Name() + UpperFirst(name)
	}
	for _, arg := range f.TypeArgs {
		name += typeArg(arg)
	}
	return name
}

// typeArg is what a type argument adds to a name.
func typeArg(t types.Type) string {
	return UpperFirst(ofType(t, strings.Map(letterOrDigit, types.TypeString(t, func(*types.Package) string { return "" }))))
}

// For is a name of something that belongs to f, as EnqueueSendMail does to
// SendMail: exported if f is. The prefix is a word, or "".
func For(f *scan.Func, prefix string) string {
	exported := f.Exported && (f.Receiver == nil || f.Receiver.Named.Obj().Exported())
	first := UpperFirst
	if !exported {
		first = LowerFirst
	}
	if prefix == "" {
		return first(Base(f))
	}
	return first(prefix) + UpperFirst(Base(f))
}

// Constructor is the name of the function that makes the adapter of a handler.
func Constructor(f *scan.Func) string { return For(f, "") + "Handler" }

// UpperFirst is s as the name of something exported.
func UpperFirst(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	if !unicode.IsUpper(unicode.ToUpper(r)) { // _x, or a script without cases
		return "X" + s
	}
	return string(unicode.ToUpper(r)) + s[n:]
}

// LowerFirst is s as that of something not exported: order for Order, httpPing
// for HTTPPing.
func LowerFirst(s string) string {
	if plural, ok := strings.CutSuffix(s, "s"); ok && len(plural) > 1 && plural == strings.ToUpper(plural) {
		return strings.ToLower(s) // ids for IDs
	}
	runes := []rune(s)
	for i, r := range runes {
		if !unicode.IsUpper(r) || i > 0 && i+1 < len(runes) && unicode.IsLower(runes[i+1]) {
			break
		}
		runes[i] = unicode.ToLower(r)
	}
	return string(runes)
}

// Field is the name of a struct's field for a parameter: ID for id.
func Field(param string) string {
	if slices.Contains([]string{"api", "html", "http", "id", "ip", "json", "sql", "ttl", "uri", "url", "uuid", "xml"}, param) {
		return strings.ToUpper(param)
	}
	return UpperFirst(param)
}

// OverrideFields names the fields of a struct Overrides: as the providers are
// named, and where two have one name after their packages. Those that other
// packages see are named first, so that these need not know of the rest.
func OverrideFields(public, rest []*scan.Func) map[*scan.Func]string {
	n := NewScope(nil).Reserve("Option")
	fields := map[*scan.Func]string{}
	for _, list := range [][]*scan.Func{public, rest} {
		list = slices.Clone(list)
		slices.SortFunc(list, func(a, b *scan.Func) int { // NewThing is named before newThing
			return strings.Compare(a.Pkg.Path()+"."+a.FullName(), b.Pkg.Path()+"."+b.FullName())
		})
		for _, f := range list {
			if fields[f] != "" {
				continue
			}
			name := UpperFirst(Base(f))
			if n.Has(name) && f.Qualifier != "" {
				name = UpperFirst(f.Qualifier) + name
			}
			fields[f] = n.Take(name, "Provider")
		}
	}
	return fields
}

// Exported is the name of something exported that is called text somewhere else.
func Exported(text string) string {
	if name := strings.Map(letterOrDigit, text); name != "" {
		return UpperFirst(name)
	}
	return "Value"
}

func letterOrDigit(r rune) rune {
	if unicode.IsLetter(r) || unicode.IsDigit(r) {
		return r
	}
	return -1
}

// OfParam is the name of a parameter, or one after its type.
func OfParam(p scan.Param) string {
	if p.Name != "" && p.Name != "_" {
		return p.Name
	}
	return ofType(p.Type, "value")
}

// ofType is the name of a type as that of a variable: order for Order.
func ofType(t types.Type, otherwise string) string {
	if gotype.IsNamed(t, scan.RuntimePath, "Response") {
		return "response"
	}
	if gotype.IsNamed(t, "iter", "Seq") || gotype.IsNamed(t, "iter", "Seq2") {
		return "values"
	}
	if named, ok := gotype.UnderPointers(t).(*types.Named); ok {
		if name := LowerFirst(named.Obj().Name()); name != named.Obj().Name() {
			return name
		}
	}
	return otherwise
}
