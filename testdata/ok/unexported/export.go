package unexported

import (
	"net/http"

	"github.com/bggen/bggen/runtime"
)

// Mount shows the package to its test.
func Mount(mux *http.ServeMux, runner *runtime.Runner) <-chan string {
	s := &service{make(chan string, 1)}
	Register(mux, runner, s)
	mux.Handle("GET /status", statusHandler(runner, s))
	return s.sent
}
