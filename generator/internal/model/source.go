package model

import (
	"go/types"
	"slices"
)

// A Source is where the value of a parameter comes from: one of the types
// below, or a [*Binding], a [*Struct] or a [*Call].
type Source interface{ source() }

type (
	// Context is the context of the request, or of the task.
	Context struct{}
	// TaskContext is the context of what lives until the tasks have ended.
	TaskContext struct{}
	// Request is the *http.Request itself.
	Request struct{}
	// Writer is the http.ResponseWriter, for as much as Mode says.
	Writer struct{ Mode WriterMode }
	// Tasks is the collector.
	Tasks struct{}
	// Runner is the runner.
	Runner struct{}
	// App is what the constructors take a pointer to.
	App struct{}
	// AppField is a field of that.
	AppField struct{ Name string }
	// Argument is a field of the struct of a task's arguments.
	Argument struct{ Field string }
)

// WriterMode is what a function does with an http.ResponseWriter.
type WriterMode int

const (
	Headers        WriterMode = iota // it sets some
	Takeover                         // it is a handler that writes by itself
	TakeoverOrFail                   // and may return an error
)

func (Context) source()     {}
func (TaskContext) source() {}
func (Request) source()     {}
func (Writer) source()      {}
func (Tasks) source()       {}
func (Runner) source()      {}
func (App) source()         {}
func (AppField) source()    {}
func (Argument) source()    {}
func (*Binding) source()    {}
func (*Struct) source()     {}
func (*Call) source()       {}

// A Struct is a parameter struct: its fields are bound one by one.
type Struct struct {
	Type     types.Type
	Pointer  bool // to it
	Fields   []StructField
	Validate Validation // whether the whole says if it is valid
}

// A StructField is a field of a parameter struct.
type StructField struct {
	Name  string
	Value Source // a *Binding, or a *Struct for an embedded struct
}

// Bindings are those of all fields, each once.
func (s *Struct) Bindings() (list []*Binding) {
	add := func(b *Binding) {
		if !slices.Contains(list, b) {
			list = append(list, b)
		}
	}
	for _, f := range s.Fields {
		switch v := f.Value.(type) {
		case *Binding:
			add(v)
		case *Struct:
			for _, b := range v.Bindings() {
				add(b)
			}
		}
	}
	return list
}

// BindingsOf is what a source reads from the request by itself.
func BindingsOf(s Source) []*Binding {
	switch s := s.(type) {
	case *Binding:
		return []*Binding{s}
	case *Struct:
		return s.Bindings()
	}
	return nil
}

// TypeOf is the type of a value that is bound or made; nil for other sources.
func TypeOf(s Source) types.Type {
	switch s := s.(type) {
	case *Call:
		return s.Type
	case *Struct:
		if s.Pointer {
			return types.NewPointer(s.Type)
		}
		return s.Type
	case *Binding:
		switch s.Form {
		case Opt:
			return s.Whole
		case Optional, OptionalJSON:
			return types.NewPointer(s.Type)
		case Repeated, Files:
			return types.NewSlice(s.Type)
		}
		return s.Type
	}
	return nil
}

// Same reports whether two sources read or make the same value, in different
// handlers: by the same provider, from the same sources.
func Same(a, b Source) bool {
	switch a := a.(type) {
	case *Binding:
		b, ok := b.(*Binding)
		return ok && a.Same(b)
	case *Struct:
		b, ok := b.(*Struct)
		return ok && a.Pointer == b.Pointer && types.Identical(a.Type, b.Type) &&
			slices.EqualFunc(a.Fields, b.Fields, func(a, b StructField) bool { return Same(a.Value, b.Value) })
	case *Call:
		b, ok := b.(*Call)
		return ok && a.Provider == b.Provider && a.Fresh == b.Fresh &&
			slices.EqualFunc(a.Args, b.Args, Same) && slices.EqualFunc(a.Guards, b.Guards, sameCall)
	}
	return a == b
}

func sameCall(a, b *Call) bool { return Same(a, b) }
