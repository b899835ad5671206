package model

import (
	"fmt"
	"strconv"
	"strings"
)

// Ends says when what a provider makes ends.
func (c Cleanup) Ends() string {
	switch c {
	case Settle:
		return "is settled before the response"
	case Release:
		return "is released after the response"
	}
	return "is held until the tasks have ended"
}

// Describe says which provider it is, and what of the program and the request it
// is given.
func (c *Call) Describe() string {
	var from []string
	for _, arg := range c.Args {
		switch arg := arg.(type) {
		case App:
			from = append(from, "app")
		case AppField:
			from = append(from, "app."+arg.Name)
		case *Struct:
			for _, b := range arg.Bindings() {
				from = append(from, b.Describe())
			}
		case *Binding:
			from = append(from, arg.Describe())
		case *Call:
			from = append(from, arg.Provider.FullName())
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
		text += "; " + strings.TrimPrefix(c.Cleanup.Ends(), "is ")
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
	switch {
	case b.Name != "":
	case b.Form == JSON:
		return "JSON body"
	case b.Form == OptionalJSON:
		return "optional JSON body"
	}
	switch b.Form {
	case Raw:
		return "body as it came"
	case Stream:
		return "body as a stream"
	}
	where := "member " + b.Name + " of the JSON body"
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
	case Optional, OptionalJSON, Opt:
		return "optional " + where
	case Repeated:
		if b.OrList != nil {
			where += ", or " + strings.Join(b.OrList, " and ")
		}
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

// Value is a value of a limit or a default, as JSON has it.
func Value(text string) any {
	if s, err := strconv.Unquote(text); err == nil {
		return s
	}
	if n, err := strconv.ParseInt(text, 10, 64); err == nil {
		return n
	}
	if f, err := strconv.ParseFloat(text, 64); err == nil {
		return f
	}
	return text == "true"
}

// Values are those of a list, as JSON has them.
func Values(texts []string) (list []any) {
	for _, text := range texts {
		list = append(list, Value(text))
	}
	return list
}
