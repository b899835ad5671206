package control_character

type Q struct {
	A string "query:\"a\\nfunc init() { println(`injected`) }\\n//\""
	B string `query:"b" enum:"x|y\nz"`
}

// X has a parameter whose name would be code of the generated file.
//
//bggen:route GET /x
func X(q Q) string { return q.A + q.B }
