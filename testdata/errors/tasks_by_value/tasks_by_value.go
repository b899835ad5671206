package tasks_by_value

import (
	"net/http"

	"github.com/bggen/bggen/runtime"
)

//bggen:route GET /
func Home(bg runtime.BackgroundTasks) {}

// Plain is meant as a handler too.
func Plain(w http.ResponseWriter, r *http.Request, bg runtime.BackgroundTasks) {}
