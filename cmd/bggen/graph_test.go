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
		n3[["Welcome"]]
		n4["NewGreeting<br>apps.Greeting"]
		n5[("app.Log")]
		n6[("app.Mail")]
		n7[("app.audit")]
		n8[("app.Clock")]
		n9[("app")]
	end
	n0 --> n4
	n1 --> n5
	n2 --> n5
	n3 --> n6
	n3 --> n7
	n4 --> n8
	n4 --> n9
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
