package generator

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/bggen/bggen/generator/internal/describe"
)

// taskChanges says which changes of tasks do something to the calls that are stored,
// and what can be done about it.
func taskChanges(old map[string]describe.Task, tasks []describe.Task) (notes []string) {
	known := map[string]bool{} // the names whose calls are run
	for _, t := range tasks {
		known[t.Name] = true
		for _, was := range t.Was {
			known[was] = true
		}
	}
	for _, name := range slices.Sorted(maps.Keys(old)) {
		for _, was := range append([]string{name}, old[name].Was...) {
			if !known[was] {
				notes = append(notes, removal(was, old, tasks))
			}
		}
	}
	for _, t := range tasks {
		before, ok := old[t.Name]
		for _, was := range t.Was {
			if !ok {
				before, ok = old[was]
			}
		}
		if ok {
			c := change{task: t, before: byPath(before.Stored), after: byPath(t.Stored)}
			notes = append(notes, c.notes()...)
		}
	}
	return notes
}

// removal is the note for a task that there is no longer under that name.
func removal(name string, old map[string]describe.Task, tasks []describe.Task) string {
	for _, t := range tasks {
		_, before := old[t.Name]
		if !before && slices.Equal(t.Stored, old[name].Stored) {
			return fmt.Sprintf("there is no task %s any more: calls already stored wait for a process that has it; if it is %s now, add was=%s to that", name, t.Function, name)
		}
	}
	return fmt.Sprintf("there is no task %s any more: calls already stored wait for a process that has it; if it has another name now, add was=%s to that", name, name)
}

func byPath(members []describe.Member) map[string]describe.Member {
	m := map[string]describe.Member{}
	for _, one := range members {
		m[one.Path] = one
	}
	return m
}

// A change is of the arguments of one task.
type change struct {
	task          describe.Task
	before, after map[string]describe.Member
}

func (c change) notes() (notes []string) {
	add := func(format string, args ...any) { notes = append(notes, fmt.Sprintf(format, args...)) }
	of, fail := c.task.Function, "calls already stored will fail"
	gone := c.onlyIn(c.before, c.after)
	added := c.onlyIn(c.after, c.before)
	for _, path := range gone {
		now := c.renamed(path, gone, added)
		switch {
		case now == "":
			add("removes %s of %s: %s; keep it until they have run, or write a new task", what(path), of, fail)
		case strings.Contains(path, "."):
			add("renames %s of %s to %s: %s; keep the name with a tag json:%q", what(path), of, lastOf(now), fail, lastOf(path))
		default:
			add("renames %s of %s to %s: %s; keep the name with args=%s", what(path), of, now, fail, c.keywords(now, path))
		}
		added = slices.DeleteFunc(added, func(p string) bool { return p == now })
	}
	for _, path := range added {
		if !c.after[path].MayBeMissing {
			add("adds %s to %s: %s; as a pointer it may be missing", what(path), of, fail)
		}
	}
	for _, path := range slices.Sorted(maps.Keys(c.after)) {
		if before, ok := c.before[path]; ok && !fits(before, c.after[path]) {
			add("changes %s of %s from %s to %s: %s where the value does not fit", what(path), of, typeOf(before), typeOf(c.after[path]), fail)
		}
	}
	return notes
}

// onlyIn lists what is in a and not in b: the outermost of it.
func (c change) onlyIn(a, b map[string]describe.Member) (paths []string) {
	for _, path := range slices.Sorted(maps.Keys(a)) {
		if _, ok := b[path]; ok {
			continue
		}
		if !slices.ContainsFunc(paths, func(around string) bool { return strings.HasPrefix(path, around+".") }) {
			paths = append(paths, path)
		}
	}
	return paths
}

// renamed is the path that a member has now, if one of the same type has come in its
// place and no other.
func (c change) renamed(path string, gone, added []string) (now string) {
	same := func(a, b string, of map[string]describe.Member) bool {
		return parentOf(a) == parentOf(path) && of[a].Type == c.before[path].Type && a != b
	}
	for _, other := range gone {
		if same(other, path, c.before) {
			return ""
		}
	}
	for _, other := range added {
		if same(other, "", c.after) {
			if now != "" {
				return ""
			}
			now = other
		}
	}
	return now
}

// keywords is what args= has to say so that an argument keeps its name.
func (c change) keywords(now, before string) string {
	names := make([]string, len(c.task.Args))
	for i, a := range c.task.Args {
		names[i] = a.Name
		if a.Name == now {
			names[i] = before
		}
	}
	return strings.Join(names, ",")
}

func parentOf(path string) string { return path[:strings.LastIndexByte(path, '.')+1] }
func lastOf(path string) string   { return path[strings.LastIndexByte(path, '.')+1:] }

// what is how a note calls a member.
func what(path string) string {
	if strings.Contains(path, ".") {
		return "member " + path
	}
	return "argument " + path
}

// fits reports whether every value that was stored fits now.
func fits(before, after describe.Member) bool {
	return (before.Type == after.Type || widens(before.Type, after.Type)) &&
		(!before.Null || after.Null) && (!before.MayBeMissing || after.MayBeMissing)
}

// widens reports whether all numbers of one type are numbers of another.
func widens(before, after string) bool {
	wider := map[string]string{
		"int8": "int16 int32 int64 int float64", "int16": "int32 int64 int float64", "int32": "int64 int float64",
		"int": "int64", "int64": "int", "float32": "float64",
		"uint8": "uint16 uint32 uint64 uint int16 int32 int64 int float64", "uint16": "uint32 uint64 uint int32 int64 int float64",
		"uint32": "uint64 uint int64 int float64", "uint": "uint64", "uint64": "uint",
	}
	return slices.Contains(strings.Fields(wider[before]), after)
}
