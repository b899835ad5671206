package admin_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/bggen/bggen/examples/conduit/admin"
	"github.com/bggen/bggen/examples/conduit/apptest"
)

func TestPassword(t *testing.T) {
	a := apptest.New(t)
	a.TasksPage = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, r.URL.Path) })
	client := apptest.NewClient(t, a, admin.Register)
	send := func(password string, status int) string {
		t.Helper()
		r := httptest.NewRequest("GET", "/admin/tasks/page", nil)
		r.SetBasicAuth("admin", password)
		return client.Do(r).Want(status).Text
	}
	send("", 401) // there is none yet
	a.AdminPassword = "secret"
	send("wrong", 401)
	if got := send("secret", 200); got != "/page" {
		t.Errorf("got %s", got)
	}
	client.Get("/admin/tasks/page").Want(401)
}
