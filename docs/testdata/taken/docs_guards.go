package taken

//taken:for User
//bggen:guard
func RequireUser(r *http.Request) (User, error) { return User{}, nil }

//bggen:guard
func RequireAdmin(r *http.Request) error { return nil }

//bggen:guard
func RateLimit(l *Limiter) error { return nil }

//taken:for DB
//bggen:app
type App struct{ DB *sql.DB }

//taken:for orders
var app *platform.App
