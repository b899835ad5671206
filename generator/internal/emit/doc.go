package emit

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/bggen/bggen/generator/internal/model"
	"github.com/bggen/bggen/generator/internal/naming"
	"github.com/bggen/bggen/generator/internal/plan"
	"github.com/bggen/bggen/generator/internal/scan"
)

// A docLine is a line of an adapter's comment: a parameter and its source.
type docLine struct{ name, text string }

// doc says where every parameter of a handler comes from, and everything that
// these are made of.
func (e *emitter) doc(h *plan.Handler) []docLine {
	d := &documenter{vars: e.Vars[h].Of, listed: map[*model.Call]bool{}, names: map[string]bool{}}
	for i, s := range h.Args {
		d.param(h.Func, i, s)
	}
	for _, call := range h.Calls {
		if call.Guard && !d.listed[call] {
			d.listed[call] = true
			d.lines = append(d.lines, docLine{"(guard)", strings.Replace(call.Describe(), ", the guard", "", 1)})
		}
	}
	for _, f := range h.Without {
		d.lines = append(d.lines, docLine{"(without)", f.FullName()})
	}
	for _, call := range h.Calls {
		for i, s := range call.Args {
			if made, ok := s.(*model.Call); ok && !d.listed[made] {
				d.param(call.Provider, i, s)
			}
		}
	}
	return d.lines
}

type documenter struct {
	vars   map[any]string
	lines  []docLine
	listed map[*model.Call]bool
	names  map[string]bool
}

// add adds a line. Where its name has been used, the name says whose parameter
// it is.
func (d *documenter) add(f *scan.Func, name, text string) {
	if d.names[name] {
		name = f.FullName() + "." + name
	}
	d.names[name] = true
	d.lines = append(d.lines, docLine{name, text})
}

func (d *documenter) param(f *scan.Func, i int, s model.Source) {
	name := naming.OfParam(f.Params[i])
	if known := d.vars[s]; known != "" && f.Params[i].Name != name {
		name = known
	}
	switch s := s.(type) {
	case model.Tasks:
		d.add(f, name, "the collector")
	case model.Runner:
		d.add(f, name, "the runner")
	case model.App:
		d.add(f, name, "app")
	case model.AppField:
		d.add(f, name, "app."+s.Name)
	case *model.Struct:
		d.fields(f, name, s)
	case *model.Binding:
		d.add(f, name, s.Describe())
	case *model.Call:
		d.listed[s] = true
		d.add(f, name, s.Describe())
	}
}

// fields says where the values of the fields of a parameter struct come from.
func (d *documenter) fields(f *scan.Func, name string, s *model.Struct) {
	for _, field := range s.Fields {
		switch value := field.Value.(type) {
		case *model.Struct:
			d.fields(f, name, value)
		case *model.Binding:
			d.add(f, name+"."+field.Name, value.Describe())
		}
	}
}

// docTable lists parameters and their sources, in columns.
func docTable(lines []docLine) (table []string) {
	width := 0
	for _, l := range lines {
		width = max(width, utf8.RuneCountInString(l.name))
	}
	if len(lines) > 0 {
		table = append(table, "")
	}
	for _, l := range lines {
		pad := strings.Repeat(" ", width-utf8.RuneCountInString(l.name))
		table = append(table, fmt.Sprintf("\t%s%s  %s", l.name, pad, l.text))
	}
	return table
}
