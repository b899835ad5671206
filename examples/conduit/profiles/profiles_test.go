package profiles_test

import (
	"testing"

	"github.com/bggen/bggen/examples/conduit/apptest"
	"github.com/bggen/bggen/examples/conduit/profiles"
	"github.com/bggen/bggen/runtime/bgtest"
)

func TestFollow(t *testing.T) {
	a := apptest.New(t)
	apptest.AddUser(t, a, "ann")
	bob := apptest.NewClient(t, a, profiles.Register, apptest.As(apptest.AddUser(t, a, "bob")))
	stranger := apptest.NewClient(t, a, profiles.Register)
	const followed = `{"profile":{"username":"ann","bio":"","image":null,"following":true}}`
	const notFollowed = `{"profile":{"username":"ann","bio":"","image":null,"following":false}}`
	for _, step := range []struct {
		by                 *bgtest.Client
		method, path, want string
	}{
		{bob, "GET", "/api/profiles/ann", notFollowed},
		{bob, "POST", "/api/profiles/ann/follow", followed},
		{bob, "POST", "/api/profiles/ann/follow", followed},
		{bob, "GET", "/api/profiles/ann", followed},
		{stranger, "GET", "/api/profiles/ann", notFollowed},
		{bob, "DELETE", "/api/profiles/ann/follow", notFollowed},
	} {
		if got := step.by.Send(step.method, step.path, nil).Want(200).Text; got != step.want {
			t.Errorf("%s %s: got %s, want %s", step.method, step.path, got, step.want)
		}
	}
	bob.Send("POST", "/api/profiles/nobody/follow", nil).Want(404)
	stranger.Get("/api/profiles/nobody").Want(404)
	stranger.Send("POST", "/api/profiles/ann/follow", nil).Want(401)
}
