package bodylimits

//lint:file-ignore SA5008 a member with the name "-" is meant

// Account has fields that other structs hide.
type Account struct {
	ID    string `json:"id" minlen:"3"`
	Owner string `json:"owner" required:"true"`
}

// Member is one of two that are embedded side by side.
type Member struct {
	Owner string `json:"owner" required:"true"`
	Level int    `json:"level" max:"3"`
	Rank  *inner `json:"rank"`
}

type inner struct {
	N int `json:"n" min:"1"`
}

// Shadow hides the id of Account by its own, and none of the owners counts.
type Shadow struct {
	ID int `json:"id" min:"7"`
	Account
	*Member
	Dash  int `json:"-," max:"5"`
	Level string
}

// Shadowed takes one.
//
//bggen:route POST /shadows
func Shadowed(body Shadow) string { return body.Account.ID }
