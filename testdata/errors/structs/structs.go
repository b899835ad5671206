package structs

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
