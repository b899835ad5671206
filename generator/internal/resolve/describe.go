package resolve

import (
	"fmt"
	"strings"

	"github.com/bggen/bggen/generator/internal/scan"
)

// A DocLine is a line of an adapter's comment: a parameter and its source.
type DocLine struct{ Name, Text string }

// Doc says where every parameter of the handler comes from, and everything
// that these are made of.
func (h *Handler) Doc() []DocLine {
	var lines []DocLine
	listed := map[*Call]bool{}
	add := func(p scan.Param, v Value) {
		name := p.Name
		switch {
		case hasName(p):
		case v.Call != nil && v.Call.Var != "_":
			name = v.Call.Var
		case v.Binding != nil && v.Binding.Var != "":
			name = v.Binding.Var
		default:
			name = nameOf(p)
		}
		switch v.Kind {
		case Tasks:
			lines = append(lines, DocLine{name, "the collector"})
		case Runner:
			lines = append(lines, DocLine{name, "the runner"})
		case App:
			lines = append(lines, DocLine{name, "app"})
		case AppField:
			lines = append(lines, DocLine{name, "app." + v.Field})
		case Built:
			for _, line := range v.Struct.describe() {
				lines = append(lines, DocLine{name + "." + line.Name, line.Text})
			}
		case Bound:
			lines = append(lines, DocLine{name, v.Binding.Describe()})
		case Provided:
			listed[v.Call] = true
			lines = append(lines, DocLine{name, v.Call.describe()})
		}
	}
	for i, v := range h.Args {
		add(h.Func.Params[i], v)
	}
	for _, call := range h.Calls() {
		if call.Guard && !listed[call] {
			listed[call] = true
			lines = append(lines, DocLine{"(guard)", strings.Replace(call.describe(), ", the guard", "", 1)})
		}
	}
	for _, call := range h.Calls() {
		for i, v := range call.Args {
			if v.Kind == Provided && !listed[v.Call] {
				add(call.Provider.Params[i], v)
			}
		}
	}
	return lines
}

// describe says where the values of the fields come from.
func (s *Struct) describe() (lines []DocLine) {
	for _, f := range s.Fields {
		switch {
		case f.Value.Struct != nil:
			lines = append(lines, f.Value.Struct.describe()...)
		case f.Value.Binding != nil:
			lines = append(lines, DocLine{f.Name, f.Value.Binding.Describe()})
		}
	}
	return lines
}

// describe is the provider, and what of the program and the request it is given.
func (c *Call) describe() string {
	var from []string
	for _, v := range c.Args {
		switch v.Kind {
		case App:
			from = append(from, "app")
		case AppField:
			from = append(from, "app."+v.Field)
		case Built:
			for _, line := range v.Struct.describe() {
				from = append(from, line.Text)
			}
		case Bound:
			from = append(from, v.Binding.Describe())
		case Provided:
			from = append(from, v.Call.Provider.FullName())
		}
	}
	text := c.Provider.FullName()
	if c.Guard {
		text += ", the guard"
	}
	if from != nil {
		text += ", from " + strings.Join(from, " and ")
	}
	if c.Cleanup != 0 {
		text += "; " + strings.TrimPrefix(c.Cleanup.ends(), "is ")
	}
	return text
}

// Describe says where in the request the value is, and its limits.
func (b *Binding) Describe() string {
	text := b.where()
	for _, c := range b.Checks {
		limit := strings.TrimPrefix(c.Message, "must ")
		limit = strings.TrimPrefix(strings.TrimPrefix(limit, "be "), "have ")
		if pattern, ok := strings.CutPrefix(limit, "match "); ok {
			limit = "matching " + pattern
		}
		text += ", " + limit
	}
	return text
}

func (b *Binding) where() string {
	switch b.Form {
	case JSON:
		return "JSON body"
	case OptionalJSON:
		return "optional JSON body"
	case Raw:
		return "body as it came"
	case Stream:
		return "body as a stream"
	}
	where := ""
	switch b.In {
	case Path:
		return fmt.Sprintf("path {%s}", b.Name)
	case Query:
		where = "query " + b.Name
	case Header:
		where = "header " + b.Name
	case Cookie:
		where = "cookie " + b.Name
	case FormData:
		where = "form " + b.Name
	}
	switch b.Form {
	case Optional:
		return "optional " + where
	case Repeated:
		return "repeated " + where
	case File:
		return "file of " + where
	case Files:
		return "files of " + where
	case Default:
		return where + ", or " + b.Or
	}
	return where
}
