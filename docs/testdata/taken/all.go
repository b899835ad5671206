package taken

type User struct{ ID int64 }

type Order struct{ ID int64 }

type NewOrder struct{ Product int64 }

type Session struct{ Token string }

type Message struct {
	Message string `json:"message"`
}

type Query string

type Mailer interface{ Send(to, text string) error }

type Limiter struct{}

func findUser(ctx context.Context, db *sql.DB, token string) (User, error) { return User{}, nil }

var ctx context.Context

var t *testing.T

var mux *http.ServeMux

var runner runtime.Runner

//bggen:app
type App struct{ DB *sql.DB }

var app *App

var server *http.Server

type Article struct{ Title string }

func countView(ctx context.Context, id int64) error { return nil }
