package taken

//taken:for Outbox DB
//bggen:app
type App struct {
	DB     *sql.DB
	Outbox Outbox
}

type Outbox bool

type Session struct{}

//bggen:provide
func RequireUser(r *http.Request) (User, error) { return User{}, nil }

//taken:for Session
//bggen:provide
func NewSession(r *http.Request) *Session { return &Session{} }
