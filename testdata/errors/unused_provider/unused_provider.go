package unused_provider

type Repo struct{}

//bggen:provide
func NewRepo() *Repo { return nil }

//bggen:route GET /
func Home() {}
