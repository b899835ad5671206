package bad_body

import "io"

type Stored int

//bggen:provide
func Store(body io.Reader) Stored { return 0 }

//bggen:route POST /stored
func Twice(s Stored, body []byte) {}

type Form struct {
	Name string `form:"name"`
}

//bggen:route POST /forms
func FormToo(body io.Reader, f Form) {}

type Order struct{ ID int }

//bggen:route POST /both
func Both(body Order, f Form) {}
