package main

import (
	"strings"
	"testing"
)

func TestGraph(t *testing.T) {
	t.Chdir("../..")
	for _, c := range []struct{ format, only, want string }{
		{"mermaid", "", `flowchart LR
	subgraph p0["github.com/bggen/bggen/testdata/ok/apps"]
		n0(["Users.List<br>GET /users"])
		n1(["App.Invite<br>POST /invite/#123;name#125;"])
		n2(["Read<br>GET /log"])
		n3(["Named<br>GET /named"])
		n4[["Welcome"]]
		n5["NewGreeting<br>apps.Greeting"]
		n6[("app.Log")]
		n7[("app.Name")]
		n8[("app.Mail")]
		n9[("app.audit")]
		n10[("app.Clock")]
		n11[("app")]
	end
	n0 --> n5
	n1 --> n6
	n2 --> n6
	n3 --> n7
	n4 --> n8
	n4 --> n9
	n5 --> n10
	n5 --> n11
`},
		{"dot", "Greeting", `digraph bggen {
	rankdir=LR
	node [fontname=sans]
	subgraph cluster0 {
		label="github.com/bggen/bggen/testdata/ok/apps"
		n0 [label="Users.List\nGET /users", shape=box, style=rounded]
		n1 [label="NewGreeting\napps.Greeting", shape=box]
		n2 [label="app.Clock", shape=cylinder]
		n3 [label="app", shape=cylinder]
	}
	n0 -> n1
	n1 -> n2
	n1 -> n3
}
`},
		{"mermaid", "/log", `flowchart LR
	subgraph p0["github.com/bggen/bggen/testdata/ok/apps"]
		n0(["Read<br>GET /log"])
		n1[("app.Log")]
	end
	n0 --> n1
`},
	} {
		var stdout, stderr strings.Builder
		status := run(t.Context(), []string{"-graph", c.format, "-only", c.only, "./testdata/ok/apps"}, &stdout, &stderr)
		if status != exitOK || stderr.String() != "" || stdout.String() != c.want {
			t.Errorf("%s %q: %d %s\n%s", c.format, c.only, status, stderr.String(), stdout.String())
		}
	}
	for _, args := range [][]string{{"-graph", "png"}, {"-only", "x"}, {"-graph", "dot", "-only", "nothing is called so", "./testdata/ok/apps"}} {
		var stdout, stderr strings.Builder
		if status := run(t.Context(), args, &stdout, &stderr); status != exitTrouble || stderr.String() == "" || stdout.String() != "" {
			t.Errorf("%q: %d %s", args, status, stderr.String())
		}
	}
}
