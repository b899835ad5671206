package two_providers

type Repo struct{}

//bggen:provide
func NewRepo() *Repo { return nil }

//bggen:provide
func OldRepo() (*Repo, error) { return nil, nil }

//bggen:route GET /
func Home(r *Repo) {}
