// Package explain explains each kind of mistake with a program that makes it,
// what is printed for that, and the program mended.
//
// The directory cases has a file for each code. It begins with the explanation.
// The files of the wrong program are in the directory wrong, and those of the
// mended one in right; "printed" is what bggen prints, which a test of cmd/bggen
// writes and compares.
package explain

import (
	"embed"
	"fmt"
	"strings"

	"github.com/bggen/bggen/generator/internal/diag"
	"golang.org/x/tools/txtar"
)

//go:embed cases
var cases embed.FS

// A Case explains one kind of mistake.
type Case struct {
	Entry        *diag.Entry
	Sentence     string // what is wrong, and why
	Wrong, Right []txtar.File
	Printed      string
}

// Of is the case of an entry of the catalogue. It panics if there is none: all
// have one.
func Of(entry *diag.Entry) Case {
	text, err := cases.ReadFile("cases/" + entry.Code + ".txtar")
	if err != nil {
		panic(err)
	}
	archive := txtar.Parse(text)
	c := Case{Entry: entry, Sentence: strings.TrimSpace(string(archive.Comment))}
	for _, file := range archive.Files {
		if name, ok := strings.CutPrefix(file.Name, "wrong/"); ok {
			c.Wrong = append(c.Wrong, txtar.File{Name: name, Data: file.Data})
		} else if name, ok := strings.CutPrefix(file.Name, "right/"); ok {
			c.Right = append(c.Right, txtar.File{Name: name, Data: file.Data})
		} else {
			c.Printed = string(file.Data)
		}
	}
	return c
}

// Text is the case as plain text.
func (c Case) Text() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s\n\n%s\n", c.Entry.Code, c.title(), c.Sentence)
	section := func(heading string, files []txtar.File) {
		for _, file := range files {
			fmt.Fprintf(&b, "\n%s, %s:\n\n%s", heading, file.Name, indent(string(file.Data)))
		}
	}
	section("Wrong", c.Wrong)
	if c.Printed != "" {
		fmt.Fprintf(&b, "\nbggen prints:\n\n%s", indent(c.Printed))
	}
	section("Mended", c.Right)
	return b.String()
}

func (c Case) title() string {
	if c.Entry.Warning {
		return c.Entry.Title + " (a warning: the file is generated all the same)"
	}
	return c.Entry.Title
}

func indent(text string) string {
	var b strings.Builder
	for line := range strings.Lines(text) {
		if line != "\n" {
			b.WriteString("    ")
		}
		b.WriteString(line)
	}
	return b.String()
}

const head = `# Diagnostics

These are the mistakes that bggen reports. Each message has the position of the
mistake, says what was found, and ends with a hint. A package with a mistake keeps
the generated file that it has; other packages are generated. The codes do not
change. ` + "`bggen explain BG012`" + ` prints the section of one code.

| code | mistake |
|---|---|
`

// Page is docs/diagnostics.md.
func Page() string {
	var b strings.Builder
	b.WriteString(head)
	for _, entry := range diag.Catalogue {
		fmt.Fprintf(&b, "| [%s](#%s) | %s |\n", entry.Code, strings.ToLower(entry.Code), Case{Entry: entry}.title())
	}
	for _, entry := range diag.Catalogue {
		Of(entry).markdown(&b)
	}
	return b.String()
}

func (c Case) markdown(b *strings.Builder) {
	title := c.title()
	fmt.Fprintf(b, "\n## %s\n\n%s.\n\n%s\n", c.Entry.Code, strings.ToUpper(title[:1])+title[1:], c.Sentence)
	section := func(heading string, files []txtar.File) {
		if len(files) > 0 {
			fmt.Fprintf(b, "\n%s:\n", heading)
		}
		for _, file := range files {
			text := string(file.Data)
			if len(files) > 1 {
				text = "// " + file.Name + "\n\n" + text
			}
			fmt.Fprintf(b, "\n```go\n%s```\n", text)
		}
	}
	section("Wrong", c.Wrong)
	if c.Printed != "" {
		fmt.Fprintf(b, "\nbggen prints:\n\n```text\n%s```\n", c.Printed)
	}
	section("Mended", c.Right)
}
