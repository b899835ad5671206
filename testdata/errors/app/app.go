package app

type Repo struct{}

//bggen:app
type App struct {
	Main    *Repo
	Replica *Repo
	Other   Repo
}

//bggen:route GET /ambiguous
func Ambiguous(r *Repo) {}

type Stranger struct{}

//bggen:route GET /stranger
func (s *Stranger) Get() {}

//bggen:app
type Second struct{}

//bggen:app now
type NoStruct int

//bggen:app
func Function() {}

//bggen:app
var Variable int

type Near struct{}

//bggen:route GET /near
func TakesValue(a App) {}
