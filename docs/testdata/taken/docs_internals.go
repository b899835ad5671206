package taken

//bggen:app
type App struct {
	DB      *sql.DB
	Limiter *Limiter
}
