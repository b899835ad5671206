// Package examples has examples that do not fit.
package examples

import (
	"mime/multipart"
	"time"
)

//bggen:type max=10
type Level int

type Part struct{ Name string }

type Body struct {
	Name  string            `json:"name" minlen:"3" example:"ab"`
	Count int               `json:"count" example:"many"`
	Level Level             `json:"level" example:"11"`
	Tags  []string          `json:"tags" maxlen:"1" example:"a|b"`
	When  time.Time         `json:"when" example:"today"`
	Part  Part              `json:"part" example:"{}"`
	More  map[string]string `json:"more" example:"x"`
	Fine  time.Duration     `json:"fine" example:"90s"`
	Pair  [2]Level          `json:"pair" example:"10"`
	Both  [2]Level          `json:"both" example:"10|11"`
	Good  [2]Level          `json:"good" example:"9|10"`
}

type Misspelt struct {
	Name string `json:"name" examples:"x"`
}

type Answer struct {
	Ready bool `json:"ready" example:"yes"`
}

type Filter struct {
	Sort string `query:"sort" enum:"name|price" example:"size"`
}

type Upload struct {
	File *multipart.FileHeader `form:"file" example:"a.jpg"`
}

//bggen:route POST /
func Post(body Body) (Answer, error) { return Answer{}, nil }

//bggen:route GET /
//bggen:param limit query max=10 example=20
//bggen:param sum query doc=
func List(f Filter, limit, sum int) error { return nil }

//bggen:route POST /files
func Add(u Upload) error { return nil }

//bggen:route POST /body
//bggen:param body body doc="what to do"
func Read(body Part) error { return nil }

//bggen:route POST /misspelt
func Misspell(body Misspelt) error { return nil }
