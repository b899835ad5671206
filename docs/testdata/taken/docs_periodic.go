package taken

//taken:for DB
//bggen:app
type App struct{ DB *sql.DB }

var app *platform.App

func mailFigures(ctx context.Context, db *sql.DB, day time.Time) error { return nil }
