// Package adapter is what the code that bggen generates calls: it turns a handler
// function into an http.Handler. Programs do not use it themselves; package
// runtime has what they need.
//
// [New] makes the handler around one function. For each request it calls a
// function of the generated file with an [Exchange], which reads the values of
// the request, collects the errors of those that do not fit, and writes the
// result down. A value is read from a [Source] in one of four forms:
//
//	shop := adapter.Required[string](x.Path("shop"))
//	page := adapter.Default(x.Query("page"), 1)
//	dry := adapter.Optional[bool](x.Query("dry"))
//	tags := adapter.Repeated[string](x.Form("tag"))
package adapter

// Version1 is named by generated code of version 1. Such code does not compile
// with a runtime that does not support it.
const Version1 = true
