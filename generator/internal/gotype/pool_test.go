package gotype_test

//lint:file-ignore SA5008 tags that encoding/json does not take are among what is tested
//lint:file-ignore U1000 so are fields that are not exported

// The types in this file are known to the tests twice: to reflect, and to
// go/types, which reads the file. Fields are numbers, so that a test can tell
// them apart in what encoding/json writes.

type Plain struct{ A, B int }

type Tagged struct {
	X int `json:"A"`
	Y int `json:"c,omitempty"`
}

type Untaken struct {
	A int `json:"-"`
	B int `json:"-,"`
	C int `json:",string"`
	D int `json:"d\"d"`
	E int `json:"e e,string,omitzero"`
	F int `json:"ü"`
	g int
}

type hidden struct {
	A int
	b int
	C int `json:"b"`
}

type hiddenInt int

type Number int

type ByValue struct {
	Plain
	hidden
	hiddenInt
	Number
}

type ByPointer struct {
	*Plain
	*hidden
	B int
}

type Named struct {
	Plain  `json:"plain"`
	hidden `json:"hidden"`
	Tagged `json:"-"`
}

type Twice struct {
	ByValue
	ByPointer
}

type Left struct{ Plain }

type Right struct{ Plain }

// Diamond has the fields of Plain two times at one depth.
type Diamond struct {
	Left
	Right
}

// Deeper has them once more, less deeply.
type Deeper struct {
	Diamond
	Tagged
	A int `json:"c"`
}

type Recursive struct {
	*Recursive
	A int
	*Other
}

type Other struct {
	*Recursive
	B int
}

// Middle has a field C of its own, and so has each of what is embedded in it.
type Middle struct {
	Below
	C int `json:"x"`
}

type Below struct {
	hidden
	C int `json:"y"`
}

type Alias = Plain

type Aliased struct {
	Alias
	A int `json:"B"`
}

type hiddenAlias = Plain

type AliasedHidden struct {
	*hiddenAlias
	C int
}

type Box[T any] struct{ A, C T }

type Generic struct {
	Box[int]
	*Tagged
}

type Interface interface{}

type Odd struct {
	Interface
	D string
	E string `json:",string"`
	F *int   `json:",string"`
	G []int  `json:",string"`
	H *Number
}

// Tree, List and Tower are recursive without a struct.
type Tree map[string]Tree

type List []List

type Tower *[2]map[string]Tower

// Loop is behind a name and a pointer.
type Loop struct{ L []*Loop }

type Endless[T any] struct{ Next *int }

type Repository struct {
	Tree Tree
	Do   func(Plain)
	Any  Interface
}
