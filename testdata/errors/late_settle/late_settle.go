package late_settle

import "net/http"

type Tx struct{}

//bggen:provide
func NewTx() (*Tx, func(error) error) { return nil, nil }

//bggen:route GET /
func Home(w http.ResponseWriter, tx *Tx) {}
