package structs

import "time"

type Filter struct {
	Limit int      `query:"limit" default:"x"`
	Shop  string   `path:"shop"`
	Deep  struct{} `query:"deep"`
	Max   string   `query:"max" max:"3"`
}

//bggen:route GET /
func List(f Filter) {}

// Input has a name that a body would have to have.
type Input struct {
	A int `json:"a"`
}

//bggen:route POST /
func Post(in Input) {}

// Deep has limits in a JSON body that mean nothing.
type Deep struct {
	A int       `json:"a" minlen:"1"`
	B time.Time `json:"b" min:"1"`
	C []int     `json:"c" enum:"1|2"`
	D any       `json:"d" max:"1"`
	E string    `json:"e" required:"yes"`
	F []struct {
		G string `json:"g" pattern:"("`
	} `json:"f"`
}

//bggen:route POST /deep
func TakeDeep(body Deep) {}

// Tags has some that would do nothing, or not what they seem to.
type Tags struct {
	A string `query:"a" header:"A"`
	B string `query:"b,omitempty"`
	C int    `query:"c" minimum:"3"`
	D string `querry:"d"`
	E string `query:"e" enum:"open,closed"`
	F string `query:"f" json:"f" enum:"open|closed"`
}

//bggen:route GET /tags
func TakeTags(t Tags) {}

// Foreign has tags of other packages, and some that are misspelt.
type Foreign struct {
	A int    `query:"a" validate:"required" ge:"1"`
	B string `query:"b" required:"false" qeury:"c"`
	C string `min:"1"`
	D string `query: "d"`
	E string `query:"e" db:"e" json:"e"`
	F string
}

//bggen:route GET /foreign
func TakeForeign(f Foreign) {}

// Order has such tags in a JSON body.
type Order struct {
	A int    `json:"a" form:"a" binding:"required"`
	B string `json:"b" minlength:"3"`
	C string `json:"c" requird:"true" xml:"c"`
	D string `json:"d",required:"true"`
}

//bggen:route POST /order
func TakeOrder(body Order) {}
