package schema

import (
	"cmp"
	"fmt"
	"go/types"
	"maps"
	"path"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// A component is a defined type. It has a schema for each direction in which it is
// seen, of which those that are equal are one.
type component struct {
	named   *types.Named
	schemas [directions]*Object   // nil: it is not seen in it
	as      [directions]Direction // the first one with an equal schema
	name    string
	names   [directions]string
}

// A reference is one to a component. Its name is known when all components are.
type reference struct {
	set *Set
	to  *component
	dir Direction
}

// String is the reference as a JSON pointer (RFC 6901).
func (r reference) String() string {
	return r.set.at + strings.NewReplacer("~", "~0", "/", "~1").Replace(r.to.names[r.to.as[r.dir]])
}

// reference returns the reference to the component of a type. One that is not there
// yet is filled.
func (s *Set) reference(t *types.Named, dir Direction, fill func(*Object)) *Object {
	key := types.TypeString(t, nil)
	c := s.byType[key]
	if c == nil {
		if !s.seen.Add(t) {
			return new(Object) // of an endless row of instances
		}
		c = &component{named: t, name: key}
		s.byType[key] = c
	}
	if c.schemas[dir] == nil {
		c.schemas[dir] = new(Object).Text("description", s.comment(t.Obj())) // before what is in it: it may be there again
		fill(c.schemas[dir])
	}
	return new(Object).Set("$ref", reference{s, c, dir})
}

// Types returns the components by the full names of their types. What comes in has
// ":input" or ":strict" behind, where it is not the same as what goes out.
func (s *Set) Types() (map[string]*Object, error) {
	if err := s.unite(); err != nil {
		return nil, err
	}
	for _, c := range s.byType {
		c.eachName(func(dir Direction, suffix string) {
			if suffix != "" {
				suffix = ":" + strings.ToLower(suffix)
			}
			c.names[dir] = c.name + suffix
		})
	}
	return s.byName(), nil
}

// Components returns the components by their types' short names, with as much of
// where they come from in front as tells them apart, and Input or Strict behind what
// comes in, where it is not the same as what goes out. No name is among those taken.
func (s *Set) Components(taken map[string]*Object) (map[string]*Object, error) {
	if err := s.unite(); err != nil {
		return nil, err
	}
	used := map[string]bool{}
	for name := range taken {
		used[name] = true
	}
	s.nameShort(used)
	for _, key := range slices.Sorted(maps.Keys(s.byType)) {
		c := s.byType[key]
		c.eachName(func(dir Direction, suffix string) {
			c.names[dir] = c.name
			if suffix != "" {
				c.names[dir] = unused(c.name+suffix, used)
			}
		})
	}
	return s.byName(), nil
}

func (s *Set) byName() map[string]*Object {
	list := map[string]*Object{}
	for _, c := range s.byType {
		for dir, schema := range c.schemas {
			if schema != nil {
				list[c.names[c.as[dir]]] = c.schemas[c.as[dir]]
			}
		}
	}
	return list
}

// eachName calls f with the first of each row of equal directions, and what is to be
// behind the name of the type.
func (c *component) eachName(f func(dir Direction, suffix string)) {
	for dir, schema := range c.schemas {
		if dir := Direction(dir); schema != nil && c.as[dir] == dir {
			f(dir, c.suffix(dir))
		}
	}
}

// suffix tells what comes in from what goes out, and of each the rarer from the usual.
func (c *component) suffix(dir Direction) string {
	written := c.schemas[Out] != nil || c.schemas[EmptyLists] != nil
	switch {
	case dir == Out, dir == EmptyLists && c.schemas[Out] == nil, dir >= In && !written && (dir == In || c.schemas[In] == nil):
		return ""
	case dir == EmptyLists:
		return "EmptyLists"
	case dir == In, c.schemas[In] == nil:
		return "Input"
	case written && c.as[In] == In:
		return "StrictInput"
	}
	return "Strict"
}

// unite finds the schemas of components that are equal: all of a component are, until
// they differ by themselves or in what they refer to.
func (s *Set) unite() error {
	for key, c := range s.byType {
		first := slices.IndexFunc(c.schemas[:], func(schema *Object) bool { return schema != nil })
		for dir := range c.schemas {
			c.as[dir], c.names[dir] = Direction(first), fmt.Sprint(key, "#", dir)
		}
	}
	for changed := true; changed; {
		changed = false
		for _, c := range s.byType {
			as, err := c.equal()
			if err != nil {
				return err
			}
			changed = changed || as != c.as
			c.as = as
		}
	}
	return nil
}

// equal returns for each direction the first one with an equal schema.
func (c *component) equal() (as [directions]Direction, err error) {
	var texts [directions]string
	for dir, schema := range c.schemas {
		if as[dir] = c.as[dir]; schema == nil || c.isAlone() {
			continue
		}
		text, err := schema.MarshalJSON()
		if err != nil {
			return as, err
		}
		texts[dir] = string(text)
		as[dir] = Direction(slices.Index(texts[:], texts[dir]))
	}
	return as, nil
}

// isAlone reports whether the type is seen in one direction only.
func (c *component) isAlone() bool {
	n := 0
	for _, schema := range c.schemas {
		if schema != nil {
			n++
		}
	}
	return n == 1
}

// nameShort gives each component the shortest name that tells it apart.
func (s *Set) nameShort(used map[string]bool) {
	same := map[string][]*component{}
	for _, key := range slices.Sorted(maps.Keys(s.byType)) {
		c := s.byType[key]
		short := spelled(c.named, 0)
		same[short] = append(same[short], c)
	}
	for _, short := range slices.Sorted(maps.Keys(same)) {
		list := same[short]
		level := 0
		for level < mostDetail && !apart(list, level, used) {
			level++
		}
		for _, c := range list {
			c.name = unused(spelled(c.named, level), used)
		}
	}
}

// apart reports whether the names that components have with so much detail are not
// used, and not the same.
func apart(list []*component, detail int, used map[string]bool) bool {
	names := map[string]bool{}
	for _, c := range list {
		name := spelled(c.named, detail)
		if used[name] || names[name] {
			return false
		}
		names[name] = true
	}
	return true
}

// unused returns the name, or the first one with a number behind that is not used,
// which is used from then on.
func unused(name string, used map[string]bool) string {
	unique := name
	for n := 2; used[unique]; n++ {
		unique = fmt.Sprint(name, n)
	}
	used[unique] = true
	return unique
}

// mostDetail is the detail with which a name is spelled at most.
const mostDetail = 3

// spelled is the name of a type; that of an instance has its arguments' names behind:
// Page[Item] is PageItem. With more detail, the arguments have their packages in
// front, then the type itself has, and then that has the directory it is in.
func spelled(t *types.Named, detail int) string {
	name := Upper(cmp.Or(Identifier(t.Obj().Name()), "type"))
	for arg := range t.TypeArgs().Types() {
		name += spelledArgument(arg, detail > 0)
	}
	if pkg := t.Obj().Pkg(); pkg != nil && detail > 1 {
		name = Identifier(pkg.Name()) + name
		if dir := path.Dir(pkg.Path()); detail > 2 && dir != "." {
			name = Identifier(path.Base(dir)) + Upper(name)
		}
	}
	return name
}

func spelledArgument(t types.Type, detailed bool) string {
	switch t := types.Unalias(t).(type) {
	case *types.Named:
		if detailed {
			return Upper(spelled(t, 2))
		}
		return spelled(t, 0)
	case *types.Basic:
		return Upper(t.Name())
	case *types.Slice:
		return spelledArgument(t.Elem(), detailed) + "List"
	case *types.Map:
		return spelledArgument(t.Elem(), detailed) + "Map"
	case *types.Pointer:
		return spelledArgument(t.Elem(), detailed)
	}
	return "Value"
}

// Upper begins a name in upper case.
func Upper(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(r)) + s[n:]
}

// Identifier leaves out what names in a document cannot have.
func Identifier(s string) string {
	return strings.Map(func(c rune) rune {
		if c < utf8.RuneSelf && (unicode.IsLetter(c) || unicode.IsDigit(c) || c == '_') {
			return c
		}
		return -1
	}, s)
}
