package app

// Page is which part of a list is wanted.
type Page struct {
	Limit  int `query:"limit" default:"20" min:"1" max:"100"`
	Offset int `query:"offset" default:"0" min:"0"`
}
