package app_test

import (
	"testing"

	"github.com/bggen/bggen/examples/conduit/app"
	"github.com/bggen/bggen/examples/conduit/apptest"
)

func TestHealth(t *testing.T) {
	a := apptest.New(t)
	a.Limiter.PerMinute = 0 // is not for this
	client := apptest.NewClient(t, a, app.Register)
	client.Get("/health").Want(204)
	a.DB.Close()
	client.Get("/health").Want(503)
}
