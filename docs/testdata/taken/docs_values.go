package taken

type Item struct {
	Name string `json:"name"`
}

type Article struct {
	Title string `json:"title"`
}

type Price struct {
	Cents int `json:"cents"`
}
