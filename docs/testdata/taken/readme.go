package taken

type NewUser struct{ Name string }

type User struct{ Email string }

func insert(ctx context.Context, tx *sql.Tx, u NewUser) (User, error) { return User{}, nil }

//taken:for Mailer Tx
//bggen:app
type App struct {
	DB     *sql.DB
	Mailer Mailer
}

//taken:for Tx
//bggen:provide
func Begin(ctx context.Context, db *sql.DB) (*sql.Tx, error) { return db.BeginTx(ctx, nil) }
