package lifetime

import (
	"context"
	"net/http"

	"github.com/bggen/bggen/runtime"
)

type (
	Tx   struct{ ID int }
	Conn struct{}
	Repo struct{ tx *Tx }
	File struct{}
)

//bggen:provide
func NewTx() (*Tx, func(error) error) { return nil, nil }

//bggen:provide
func NewRepo(tx *Tx) Repo { return Repo{tx} }

//bggen:provide
func NewConn(tx *Tx) (Conn, func()) { return Conn{}, nil }

//bggen:provide hold
func Open(r Repo) (*File, func()) { return nil, nil }

//bggen:route GET /lives
func Lives(c Conn, f *File) {}

//bggen:route GET /captures
func Captures(tx *Tx, r *http.Request, bg *runtime.BackgroundTasks) {
	id := tx.ID
	bg.Add(func(context.Context) error {
		_ = id
		_ = tx.ID
		return nil
	})
	bg.Add(func(context.Context) error { return r.ParseForm() })
}

// Hidden captures a transaction within a repo.
//
//bggen:route GET /hidden
func Hidden(repo Repo, w http.ResponseWriter, bg *runtime.BackgroundTasks) string {
	bg.Add(func(context.Context) error {
		use(struct{ w, repo any }{repo: repo, w: 1}, repo.tx.ID)
		w.Header()
		return nil
	})
	return ""
}

// Shadowed uses names only that are other things.
//
//bggen:route GET /shadowed
func Shadowed(tx *Tx, r *http.Request, bg *runtime.BackgroundTasks) {
	bg.Add(func(r context.Context) error {
		tx := 1
		use(r, tx, struct{ tx int }{tx: 2}.tx)
		return nil
	})
}

func use(...any) {}

// User is read with the transaction, and does not hold it.
type User struct {
	Emails []string
	boss   *User
}

//bggen:provide
func NewUser(tx *Tx) *User { return nil }

//bggen:route GET /copied
func Copied(u *User, bg *runtime.BackgroundTasks) {
	bg.Add(func(context.Context) error { use(u.Emails, u.boss); return nil })
}
