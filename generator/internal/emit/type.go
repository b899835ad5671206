package emit

import (
	"go/types"
	"regexp"
	"strconv"

	"github.com/bggen/bggen/generator/internal/gotype"
	"github.com/bggen/bggen/generator/internal/naming"
	"github.com/dave/jennifer/jen"
)

// typ is t as it is written in the generated file.
func (e *emitter) typ(t types.Type) *jen.Statement {
	for _, obj := range gotype.Names(t) {
		if obj.Pkg() != nil && obj.Pkg().Path() == e.pkg.Path {
			e.mentions.Own = append(e.mentions.Own, obj.Name())
		}
	}
	text := types.TypeString(t, func(p *types.Package) string {
		if p.Path() == e.pkg.Path {
			return ""
		}
		return e.importName(naming.Import{Path: p.Path(), Name: p.Name()})
	})
	return jen.Id(tags.ReplaceAllStringFunc(text, backquoted))
}

// tags are those of the fields of a struct that is written out.
var tags = regexp.MustCompile(`"(?:[^"\\]|\\.)*"`)

// backquoted is a tag as people write it.
func backquoted(quoted string) string {
	if tag, err := strconv.Unquote(quoted); err == nil && strconv.CanBackquote(tag) {
		return "`" + tag + "`"
	}
	return quoted
}

// zero is the zero value of t, as one writes it.
func (e *emitter) zero(t types.Type) jen.Code {
	switch under := t.Underlying().(type) {
	case *types.Basic:
		switch {
		case under.Info()&types.IsString != 0:
			return jen.Lit("")
		case under.Info()&types.IsNumeric != 0:
			return jen.Lit(0)
		case under.Info()&types.IsBoolean != 0:
			return jen.False()
		}
	case *types.Struct, *types.Array:
		return e.typ(t).Values()
	}
	return jen.Nil()
}
