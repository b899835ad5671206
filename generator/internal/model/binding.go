package model

import (
	"go/types"
	"slices"
)

// A Binding reads one value of the request.
type Binding struct {
	In       In
	Name     string // in the request; "" for the body as a whole
	Form     Form
	Elem     Elem
	Or       string   // for Default: the value, as Go writes it
	OrList   []string // for Repeated: the values if there are none, as Go writes them
	Checks   []Check
	Each     []Check    // of each item of a list
	Type     types.Type // of the value; of *T, []T and runtime.Opt[T], it is T
	Base     types.Type // of a Defined one: the type that it is read as
	Whole    types.Type // for Opt: runtime.Opt[T]
	JSON     *JSONBody  // of a body that is decoded: how
	Validate Validation // whether the value says if it is valid
	Example  any        // as JSON has it; nil: there is none
	Doc      string     // what it is, in words
}

// ReadAs is the type that one piece of text is read as: time.Duration for a type that
// is defined as one.
func (b *Binding) ReadAs() types.Type {
	if b.Base != nil {
		return b.Base
	}
	return b.Type
}

// Same reports whether two bindings read the same value in the same way.
func (b *Binding) Same(other *Binding) bool {
	return b.In == other.In && b.Name == other.Name && b.Form == other.Form && b.Or == other.Or && slices.Equal(b.OrList, other.OrList) &&
		slices.EqualFunc(b.Checks, other.Checks, Check.Same) && types.Identical(b.Type, other.Type)
}

// Required reports whether a request without the value is refused.
func (b *Binding) Required() bool {
	switch b.Form {
	case Single, Credential, File, JSON:
		return true
	}
	return false
}

// In is the part of a request that a value is read from, in the order in which
// errors are reported.
type In int

const (
	Path In = iota
	Query
	Header
	Cookie
	FormData
	Body
)

// String is the name of the part in errors and directives.
func (in In) String() string {
	return [...]string{"path", "query", "header", "cookie", "form", "body"}[in]
}

// Form is how a value is read.
type Form int

const (
	Single     Form = iota // T, which is required
	Credential             // T, without which a request is refused as T says
	Optional               // *T
	Opt                    // runtime.Opt[T]
	Default                // T, which may be absent
	Repeated               // []T
	JSON
	OptionalJSON
	Raw    // the bytes as they came
	Stream // an io.Reader of them
	File   // one upload
	Files  // any number of them
)

// Elem is how one piece of text is read.
type Elem int

const (
	Scalar  Elem = iota // as a predeclared type, time.Time or time.Duration
	Defined             // as the scalar that the type is defined as, and converted
	Text                // by the type's UnmarshalText
)

// Validation is how a value is asked whether it is valid.
type Validation int

const (
	Never     Validation = iota
	ByValue              // it has the method Validate() error
	ByPointer            // a pointer to it has
)

// A Check compares a value with a limit.
type Check struct {
	Kind    string   // min, max, minlen, maxlen, pattern, enum
	Args    []string // as Go writes them
	Message string
	List    bool // minlen and maxlen count items
}

// Same reports whether two checks are of the same limit.
func (c Check) Same(other Check) bool {
	return c.Kind == other.Kind && slices.Equal(c.Args, other.Args)
}
