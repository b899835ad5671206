package main

import (
	"encoding/json"
	"go/token"
	"io"

	"github.com/bggen/bggen/generator"
)

// output is what -json prints: see docs/json.md.
type output struct {
	Version     int                 `json:"version"`
	Packages    []generator.Package `json:"packages"`
	Diagnostics []diagnostic        `json:"diagnostics"`
}

type diagnostic struct {
	Code     string    `json:"code"`
	Severity string    `json:"severity"` // error, warning
	Message  string    `json:"message"`
	Hint     string    `json:"hint,omitempty"`
	Stack    string    `json:"stack,omitempty"` // of a mistake of bggen itself
	Start    position  `json:"start"`
	End      *position `json:"end,omitempty"`
	Related  []related `json:"related,omitempty"`
}

type position = generator.Position

type related struct {
	Message string   `json:"message"`
	At      position `json:"at"`
}

func printJSON(w io.Writer, result generator.Result) error {
	out := output{Version: 1, Packages: result.Packages, Diagnostics: []diagnostic{}}
	if out.Packages == nil {
		out.Packages = []generator.Package{}
	}
	for _, p := range out.Packages {
		for i := range p.Handlers {
			localize(&p.Handlers[i].Position)
		}
		for i := range p.Providers {
			localize(&p.Providers[i].Position)
		}
		for i := range p.Tasks {
			localize(&p.Tasks[i].Position)
		}
	}
	for _, d := range result.Diagnostics {
		e := diagnostic{Code: d.Entry.Code, Severity: "error", Message: d.Message, Hint: d.Hint, Stack: d.Stack, Start: positionOf(d.Start)}
		if d.Entry.Warning {
			e.Severity = "warning"
		}
		if d.End.IsValid() {
			end := positionOf(d.End)
			e.End = &end
		}
		for _, r := range d.Related {
			e.Related = append(e.Related, related{r.Message, positionOf(r.Position)})
		}
		out.Diagnostics = append(out.Diagnostics, e)
	}
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "\t")
	return encoder.Encode(out)
}

func positionOf(p token.Position) position {
	return position{File: relative(p.Filename), Line: p.Line, Column: p.Column}
}

func localize(p *position) { p.File = relative(p.File) }
