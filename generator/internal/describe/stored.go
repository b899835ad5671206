package describe

import (
	"fmt"
	"go/types"

	"github.com/bggen/bggen/generator/internal/gotype"
	"github.com/bggen/bggen/generator/internal/model"
)

// A Member is an argument of a task, or a member of an object in one, as an engine
// stores it.
type Member struct {
	Path string // the names of the members that lead to it, with points between them
	Type string // what is stored; not the name of a Go type

	// MayBeMissing says that a call is run that was stored without it, and Null that
	// null may stand for it.
	MayBeMissing, Null bool
}

// stored lists the members of what is stored of a task.
func stored(t *model.Task) []Member {
	w := storedWalk{within: map[types.Type]string{}}
	for _, f := range t.Fields {
		w.member(f.JSON, f.Type, false)
	}
	return w.members
}

// mostMembers is where a list stops to say what is in objects: a type may have no
// end.
const mostMembers = 1000

// A storedWalk lists members, each object before those in it.
type storedWalk struct {
	members []Member
	within  map[types.Type]string // the paths of the structs around
}

func (w *storedWalk) member(path string, t types.Type, missing bool) {
	m := Member{Path: path, MayBeMissing: missing}
	if p, ok := types.Unalias(t).Underlying().(*types.Pointer); ok {
		m.MayBeMissing, m.Null, t = true, true, p.Elem()
	}
	text, of := storedType(t)
	m.Type = text
	around, again := w.within[of]
	if again {
		m.Type += " like " + around
	}
	w.members = append(w.members, m)
	if of == nil || again || len(w.members) > mostMembers {
		return
	}
	w.within[of] = path
	defer delete(w.within, of)
	for _, f := range gotype.JSONFields(of) {
		t := f.Var.Type()
		if f.String {
			t = types.Typ[types.String]
		}
		w.member(path+"."+f.Name, t, f.OmitEmpty || f.OmitZero)
	}
}

// storedType says what is stored of a t, and which struct is in it, if one is.
func storedType(t types.Type) (text string, object types.Type) {
	t = types.Unalias(t)
	switch {
	case gotype.IsNamed(t, "time", "Time"):
		return "time", nil
	case gotype.ReadsJSON(t):
		return "JSON of " + types.TypeString(t, nil), nil
	case gotype.ReadsText(t):
		return "text of " + types.TypeString(t, nil), nil
	}
	switch u := t.Underlying().(type) {
	case *types.Basic:
		return types.Typ[u.Kind()].Name(), nil // and not byte or rune
	case *types.Pointer:
		text, object = storedType(u.Elem())
		return "null or " + text, object
	case *types.Slice:
		if b, ok := u.Elem().Underlying().(*types.Basic); ok && b.Kind() == types.Byte {
			return "base64", nil
		}
		text, object = storedType(u.Elem())
		return "list of " + text, object
	case *types.Array:
		text, object = storedType(u.Elem())
		return fmt.Sprintf("list of %d %s", u.Len(), text), object
	case *types.Map:
		text, object = storedType(u.Elem())
		return "map of " + text, object
	case *types.Struct:
		return "object", t
	}
	return "anything", nil
}
