package resolve

import (
	"fmt"
	"go/types"
	"strconv"
	"strings"

	"github.com/bggen/bggen/generator/internal/diag"
	"github.com/bggen/bggen/generator/internal/gotype"
	"github.com/bggen/bggen/generator/internal/model"
)

// examplesOf reads the examples in what a handler reads and writes as JSON.
func (r *resolver) examplesOf(h *model.Handler) {
	for _, b := range h.Bindings {
		if b.JSON != nil {
			r.examples(b.JSON.Type, h.Func.Range)
		}
	}
	if t := h.JSONValue(); t != nil {
		r.examples(t, h.Func.ResultsAt)
	}
}

// examples reads those of the fields in a type, at any depth. One in another package
// that does not fit is reported where the type is used.
func (r *resolver) examples(t types.Type, used diag.Range) {
	if !r.exampled.Add(t) {
		return
	}
	if elem := gotype.JSONElem(t); elem != nil {
		r.examples(elem, used)
		return
	}
	if _, ok := t.Underlying().(*types.Struct); !ok || gotype.ReadsItself(t) {
		return
	}
	for _, f := range gotype.JSONFields(t) {
		if text, ok := f.Tag.Lookup("example"); ok {
			r.example(t, f, text, used)
		}
		r.examples(f.Var.Type(), used)
	}
}

// example reads the example of a field.
func (r *resolver) example(of types.Type, f gotype.JSONField, text string, used diag.Range) {
	if f.Var.Pkg().Path() == r.in.Path {
		used = r.in.Position(f.Var)
	}
	b, ok := r.arrayBinding(f.Var.Type())
	if !ok {
		b = r.fieldBinding(of, f)
	}
	if limited := r.limited(b.Type); limited != nil && b.Form == model.Repeated {
		b.Each = limited.Checks
	} else if limited != nil {
		b.Checks = append(b.Checks, limited.Checks...)
	}
	value, problem := r.exampleOf(b, text, f.String)
	if problem != "" {
		r.report(diag.New(diag.BadParam, used, "the example %q of field %s does not fit: %s", text, f.Var.Name(), problem)).
			WithHint("an example is a value that may be sent; that of a list has bars between its items, \"a|b\", and those of a struct are at its fields")
		return
	}
	r.out.Examples[f.Var.Pos()] = value
}

// fieldBinding is what is known of a field of JSON: with its limits, if it is read.
func (r *resolver) fieldBinding(of types.Type, f gotype.JSONField) *model.Binding {
	if body := r.out.BodyTypeOf(of); body != nil {
		for _, field := range body.Fields {
			if field.JSON == f.Name {
				b := *field.Value
				b.Checks = append([]model.Check(nil), b.Checks...)
				return &b
			}
		}
	}
	b := &model.Binding{In: model.Body, Type: f.Var.Type()}
	if form, v, ok := r.formOf(f.Var.Type()); ok {
		b.Form = form
		v.into(b)
	}
	return b
}

// arrayBinding is a list with as many items as an array has, if t is one.
func (r *resolver) arrayBinding(t types.Type) (*model.Binding, bool) {
	array, isArray := t.Underlying().(*types.Array)
	if !isArray {
		return nil, false
	}
	v, ok := r.textOf(array.Elem())
	if !ok || gotype.ReadsItself(t) {
		return nil, false
	}
	b := &model.Binding{In: model.Body, Form: model.Repeated}
	v.into(b)
	for _, kind := range []string{"minlen", "maxlen"} {
		n := int(array.Len())
		b.Checks = append(b.Checks, model.Check{Kind: kind, Args: []string{strconv.Itoa(n)}, List: true, Message: lengthMessage(kind, n, true)})
	}
	return b, true
}

// exampleOf is an example of a value as JSON has it; or what is wrong with it.
func (r *resolver) exampleOf(b *model.Binding, text string, quoted bool) (value any, problem string) {
	switch _, basic := b.ReadAs().Underlying().(*types.Basic); {
	case b.Form == model.File || b.Form == model.Files:
		return nil, "a file has none"
	case b.Elem == model.Text:
		return text, "" // what reads itself checks itself
	case !basic && !gotype.IsTime(b.ReadAs()):
		return nil, fmt.Sprintf("a value of type %s has none", r.typeString(b.Type))
	}
	texts := []string{text}
	if b.Form == model.Repeated {
		texts = strings.Split(text, "|")
	}
	field := model.BodyField{Value: b, Quoted: quoted}
	for _, text := range texts {
		item, ok := literal(b.ReadAs(), text)
		if !ok {
			return nil, isNot(text, b.ReadAs())
		}
		if c := violated(itemOf(b, item)); c != nil {
			return nil, "it " + c.Message
		}
		field.Default = append(field.Default, item)
	}
	for _, c := range b.Checks {
		if n, _ := strconv.Atoi(c.Args[0]); c.List && (c.Kind == "minlen" && len(texts) < n || c.Kind == "maxlen" && len(texts) > n) {
			return nil, "it " + c.Message
		}
	}
	if b.In != model.Body { // a duration is text in what is no JSON
		if b.Form == model.Repeated {
			return model.Values(field.Default), ""
		}
		return model.Value(field.Default[0]), ""
	}
	return field.DefaultValue(), ""
}

// itemOf is one value of a binding, or of the list that it is, with the limits that
// it is to be within.
func itemOf(b *model.Binding, literal string) *model.Binding {
	item := &model.Binding{Form: model.Default, Type: b.Type, Base: b.Base, Or: literal, Checks: b.Each}
	for _, c := range b.Checks {
		if !c.List {
			item.Checks = append(item.Checks, c)
		}
	}
	return item
}
