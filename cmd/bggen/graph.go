package main

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/bggen/bggen/generator"
)

// A graph is who needs whom: handlers, tasks, providers and app values.
type graph struct {
	nodes []*node
	byID  map[string]*node
}

type node struct {
	id    string // unique
	pkg   string
	kind  string   // handler, task, provider, guard, app
	lines []string // of the label
	needs []string // ids
	index int      // in the output
}

// graphOf makes a graph of what the packages serve. Where only is not "", it has
// what is called so (a handler, task, provider, a type or a route), what that
// needs, and who needs it.
func graphOf(packages []generator.Package, only string) *graph {
	g := &graph{byID: map[string]*node{}}
	for _, p := range packages {
		for _, h := range p.Handlers {
			n := g.add(p, "handler", h.Name, append(slices.Clone(h.Guards), h.Needs...))
			for _, r := range h.Routes {
				n.lines = append(n.lines, r.Pattern)
			}
		}
		for _, t := range p.Tasks {
			g.add(p, "task", t.Function, t.Needs)
		}
		for _, v := range p.Providers {
			kind := "provider"
			if v.Type == "" {
				kind = "guard"
			}
			n := g.add(p, kind, v.Name, v.Needs)
			if v.Type != "" {
				n.lines = append(n.lines, v.Type[strings.LastIndexByte(v.Type, '/')+1:])
			}
		}
	}
	g.addApps()
	if only != "" {
		g.keep(only)
	}
	for i, n := range g.nodes {
		n.index = i
	}
	return g
}

func (g *graph) add(p generator.Package, kind, name string, needs []string) *node {
	n := &node{id: p.Path + "." + name, pkg: p.Path, kind: kind, lines: []string{name}}
	for _, need := range needs {
		if id := p.Path + "." + need; !slices.Contains(n.needs, id) {
			n.needs = append(n.needs, id)
		}
	}
	g.nodes = append(g.nodes, n)
	g.byID[n.id] = n
	return n
}

// addApps adds the app values that something needs.
func (g *graph) addApps() {
	for _, n := range slices.Clone(g.nodes) {
		for _, id := range n.needs {
			if g.byID[id] == nil {
				app := &node{id: id, pkg: n.pkg, kind: "app", lines: []string{strings.TrimPrefix(id, n.pkg+".")}}
				g.nodes = append(g.nodes, app)
				g.byID[id] = app
			}
		}
	}
}

// keep drops what has nothing to do with what is called so.
func (g *graph) keep(name string) {
	kept := map[*node]bool{}
	var down func(n *node)
	down = func(n *node) {
		if kept[n] {
			return
		}
		kept[n] = true
		for _, id := range n.needs {
			down(g.byID[id])
		}
	}
	wanted := map[*node]bool{}
	for _, n := range g.nodes {
		if n.isCalled(name) {
			wanted[n] = true
			down(n)
		}
	}
	for again := true; again; { // who needs one of them
		again = false
		for _, n := range g.nodes {
			if !wanted[n] && slices.ContainsFunc(n.needs, func(id string) bool { return wanted[g.byID[id]] }) {
				wanted[n], kept[n], again = true, true, true
			}
		}
	}
	g.nodes = slices.DeleteFunc(g.nodes, func(n *node) bool { return !kept[n] })
	for _, n := range g.nodes {
		n.needs = slices.DeleteFunc(n.needs, func(id string) bool { return !kept[g.byID[id]] })
	}
}

// isCalled reports whether name is that of n, of its type, or its route or
// path.
func (n *node) isCalled(name string) bool {
	for _, line := range n.lines {
		_, path, _ := strings.Cut(line, " ")
		bare := strings.TrimLeft(line, "*[]")
		if line == name || path == name || bare == name || strings.HasSuffix(bare, "."+name) {
			return true
		}
	}
	return n.id == name
}

// packages are those of the nodes, in their order.
func (g *graph) packages() (list []string) {
	for _, n := range g.nodes {
		if !slices.Contains(list, n.pkg) {
			list = append(list, n.pkg)
		}
	}
	return list
}

// mermaid prints the graph as code hosts render it.
func (g *graph) mermaid(w io.Writer) {
	shapes := map[string][2]string{
		"handler": {`(["`, `"])`}, "task": {`[["`, `"]]`}, "provider": {`["`, `"]`}, "guard": {`{{"`, `"}}`}, "app": {`[("`, `")]`},
	}
	escape := strings.NewReplacer(`"`, "#quot;", "<", "#lt;", ">", "#gt;", "{", "#123;", "}", "#125;")
	fmt.Fprintln(w, "flowchart LR")
	for i, pkg := range g.packages() {
		fmt.Fprintf(w, "\tsubgraph p%d[\"%s\"]\n", i, escape.Replace(pkg))
		for _, n := range g.nodes {
			if n.pkg == pkg {
				lines := make([]string, len(n.lines))
				for i, line := range n.lines {
					lines[i] = escape.Replace(line)
				}
				fmt.Fprintf(w, "\t\tn%d%s%s%s\n", n.index, shapes[n.kind][0], strings.Join(lines, "<br>"), shapes[n.kind][1])
			}
		}
		fmt.Fprintln(w, "\tend")
	}
	for _, n := range g.nodes {
		for _, id := range n.needs {
			fmt.Fprintf(w, "\tn%d --> n%d\n", n.index, g.byID[id].index)
		}
	}
}

// dot prints the graph for Graphviz.
func (g *graph) dot(w io.Writer) {
	shapes := map[string]string{"handler": "box, style=rounded", "task": "box, peripheries=2", "provider": "box", "guard": "hexagon", "app": "cylinder"}
	fmt.Fprintln(w, "digraph bggen {\n\trankdir=LR\n\tnode [fontname=sans]")
	for i, pkg := range g.packages() {
		fmt.Fprintf(w, "\tsubgraph cluster%d {\n\t\tlabel=%q\n", i, pkg)
		for _, n := range g.nodes {
			if n.pkg == pkg {
				fmt.Fprintf(w, "\t\tn%d [label=%q, shape=%s]\n", n.index, strings.Join(n.lines, "\n"), shapes[n.kind])
			}
		}
		fmt.Fprintln(w, "\t}")
	}
	for _, n := range g.nodes {
		for _, id := range n.needs {
			fmt.Fprintf(w, "\tn%d -> n%d\n", n.index, g.byID[id].index)
		}
	}
	fmt.Fprintln(w, "}")
}
