package users_test

import (
	"bytes"
	"database/sql"
	"errors"
	"log/slog"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/bggen/bggen/examples/conduit/app"
	"github.com/bggen/bggen/examples/conduit/apptest"
	"github.com/bggen/bggen/examples/conduit/mails"
	"github.com/bggen/bggen/examples/conduit/users"
	"github.com/bggen/bggen/runtime"
	"github.com/bggen/bggen/runtime/bgtest"
)

const ann = `{"user": {"username": "ann", "email": "ann@example.com", "password": "correct horse"}}`

func user(r *bgtest.Response) users.User {
	var answer users.Answer
	r.JSON(&answer)
	return answer.User
}

func TestSignUpAndLogin(t *testing.T) {
	a := apptest.New(t)
	client := apptest.NewClient(t, a, users.Register)
	registered := user(client.Send("POST", "/api/users", ann).Want(201))
	if registered.Username != "ann" || registered.Token == "" {
		t.Errorf("registered %+v", registered)
	}
	apptest.WantMails(t, a, "ann@example.com: Welcome to Conduit")

	loggedIn := user(client.Send("POST", "/api/users/login", `{"user": {"email": "ANN@example.com", "password": "correct horse"}}`).Want(200))
	if loggedIn.Token == registered.Token {
		t.Error("two logins have the same token")
	}
	for _, token := range []string{registered.Token, loggedIn.Token} {
		client.Header.Set("Authorization", "Bearer "+token)
		if me := user(client.Get("/api/user").Want(200)); me.Email != "ann@example.com" || me.Token != token {
			t.Errorf("got %+v", me)
		}
	}
}

func TestSignUpRefused(t *testing.T) {
	a := apptest.New(t)
	client := apptest.NewClient(t, a, users.Register)
	client.Send("POST", "/api/users", ann).Want(201)
	client.Send("POST", "/api/users", strings.Replace(ann, "ann@", "other@", 1)).Want(409)
	client.Send("POST", "/api/users", strings.Replace(ann, `"ann"`, `"other"`, 1)).Want(409)
	client.Send("POST", "/api/users", `{"user": {"username": "a b", "email": "ann", "password": "short"}}`).Want(422).
		WantErrors("body user.username pattern", "body user.email pattern", "body user.password minlen")
	client.Send("POST", "/api/users", strings.Replace(ann, "horse", strings.Repeat("ä", 36), 1)).Want(422).
		WantErrors("body user.password invalid")
	apptest.WantMails(t, a, "ann@example.com: Welcome to Conduit") // one alone
}

// Several people want one name at the same time: one gets it, and one mail is sent.
func TestSignUpTogether(t *testing.T) {
	a := apptest.New(t)
	client := apptest.NewClient(t, a, users.Register)
	var created, refused atomic.Int32
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			switch r := client.Send("POST", "/api/users", ann); r.StatusCode {
			case 201:
				created.Add(1)
			case 409:
				refused.Add(1)
			default:
				t.Errorf("got %d %s", r.StatusCode, r.Text)
			}
		})
	}
	wg.Wait()
	if created.Load() != 1 || refused.Load() != 3 {
		t.Errorf("%d got the name, and %d did not", created.Load(), refused.Load())
	}
	apptest.WantMails(t, a, "ann@example.com: Welcome to Conduit")
}

// Why something has failed is for the log, and not for the client. No transaction
// begins for a request that does not fit.
func TestSignUpFails(t *testing.T) {
	var log bytes.Buffer
	runner := &runtime.Runner{Logger: slog.New(slog.NewTextHandler(&log, nil))}
	mux := http.NewServeMux()
	users.Register(mux, runner, apptest.New(t), app.Overrides{
		NewTx: func(*http.Request) (*sql.Tx, error) { return nil, errors.New("the disk is full") },
	})
	client := bgtest.NewClient(t, runner, mux)
	client.Send("POST", "/api/users", "{}").Want(422).WantErrors("body user missing")
	if log.Len() > 0 {
		t.Errorf("the log is %s", &log)
	}
	if got := client.Send("POST", "/api/users", ann).Want(500).Text; got != `{"title":"Internal Server Error","status":500}` {
		t.Errorf("got %s", got)
	}
	if !strings.Contains(log.String(), `handler=users.SignUp error="the disk is full"`) {
		t.Errorf("the log is %s", &log)
	}
}

func TestLoginRefused(t *testing.T) {
	a := apptest.New(t)
	client := apptest.NewClient(t, a, users.Register)
	client.Send("POST", "/api/users", ann).Want(201)
	wrong := client.Send("POST", "/api/users/login", `{"user": {"email": "ann@example.com", "password": "wrong"}}`).Want(401)
	nobody := client.Send("POST", "/api/users/login", `{"user": {"email": "nobody@example.com", "password": "wrong"}}`).Want(401)
	if wrong.Text != nobody.Text {
		t.Errorf("a stranger learns whether there is a user: %s, %s", wrong.Text, nobody.Text)
	}
	a.LoginLimiter.PerMinute = 2
	client.Send("POST", "/api/users/login", "{").Want(429)
	a.Limiter.PerMinute = 0 // is not for logins
	a.LoginLimiter.PerMinute = 100
	client.Send("POST", "/api/users/login", "{").Want(400)
}

// A welcome is a task with these arguments, which nobody has run.
func TestWelcome(t *testing.T) {
	recorder := bgtest.NewRecorder(t)
	mux := http.NewServeMux()
	a := apptest.New(t)
	users.Register(mux, recorder.Runner(), a)
	mails.RegisterTasks(recorder.Runner(), a)
	client := bgtest.NewClient(t, recorder.Runner(), mux)
	client.Send("POST", "/api/users", ann).Want(201)
	client.Send("POST", "/api/users", ann).Want(409)
	recorder.Want("github.com/bggen/bggen/examples/conduit/mails.Send") // one alone: the second request has failed
	var mail struct{ To, Subject, Text string }
	if err := recorder.Tasks()[0].Decode(&mail); err != nil || mail.To != "ann@example.com" || mail.Text != "Hello ann!" {
		t.Errorf("%v: %+v", err, mail)
	}
}

func TestUpdate(t *testing.T) {
	a := apptest.New(t)
	apptest.AddUser(t, a, "bob")
	client := apptest.NewClient(t, a, users.Register, apptest.As(apptest.AddUser(t, a, "ann")))
	client.Send("PUT", "/api/user", `{"user": {"username": "bob"}}`).Want(409)
	client.Send("PUT", "/api/user", `{"user": {"email": "", "password": ""}}`).Want(422).
		WantErrors("body user.email pattern", "body user.password minlen")

	u := user(client.Send("PUT", "/api/user", `{"user": {"bio": "I write", "password": "battery staple"}}`).Want(200))
	if u.Username != "ann" || u.Email != "ann@example.com" || u.Bio != "I write" {
		t.Errorf("updated %+v", u)
	}
	client.Send("POST", "/api/users/login", `{"user": {"email": "ann@example.com", "password": "battery staple"}}`).Want(200)
}

const gif = "GIF89a" // enough of one to be a picture

// upload is a request with a file.
func upload(t *testing.T, content string) *http.Request {
	t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	file, err := form.CreateFormFile("image", "../../me.exe")
	if err != nil {
		t.Fatal(err)
	}
	file.Write([]byte(content))
	form.Close()
	r := httptest.NewRequest("PUT", "/api/user/image", &body)
	r.Header.Set("Content-Type", form.FormDataContentType())
	return r
}

func TestUpload(t *testing.T) {
	a := apptest.New(t)
	client := apptest.NewClient(t, a, users.Register, apptest.As(apptest.AddUser(t, a, "ann")))
	u := user(client.Do(upload(t, gif)).Want(200))
	if u.Image == nil {
		t.Fatal("the user has no picture")
	}
	if got := client.Get(*u.Image).Want(200).Text; got != gif {
		t.Errorf("got %q", got)
	}
	if kept := user(client.Send("PUT", "/api/user", `{"user": {"bio": "I write"}}`).Want(200)); kept.Image == nil || *kept.Image != *u.Image {
		t.Errorf("without an image, the picture is %v", kept.Image)
	}
	if removed := user(client.Send("PUT", "/api/user", `{"user": {"image": null}}`).Want(200)); removed.Image != nil {
		t.Errorf("with null, the picture is %s", *removed.Image)
	}
	client.Get("/api/images/nothing").Want(404)
	client.Do(upload(t, "#!/bin/sh")).Want(422).WantErrors("form image invalid")
	client.Do(upload(t, strings.Repeat(gif, 2<<20/len(gif)+1))).Want(413).WantErrors("body size")
	client.Send("PUT", "/api/user/image", "{}").Want(415).WantErrors("body content_type")

	stranger := apptest.NewClient(t, a, users.Register)
	stranger.Do(upload(t, gif)).Want(401)
}
