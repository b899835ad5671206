package users_test

import (
	"bytes"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/bggen/bggen/examples/conduit/apptest"
	"github.com/bggen/bggen/examples/conduit/mails"
	"github.com/bggen/bggen/examples/conduit/users"
	"github.com/bggen/bggen/runtime/bgtest"
)

const ann = `{"user": {"username": "ann", "email": "ann@example.com", "password": "correct horse"}}`

func user(t *testing.T, answer string) users.User {
	t.Helper()
	return apptest.Decode[users.Answer](t, answer).User
}

func TestSignUpAndLogin(t *testing.T) {
	a := apptest.New(t)
	client := apptest.NewClient(t, a, users.Register)
	registered := user(t, client.Send("POST", "/api/users", ann, 201))
	if registered.Username != "ann" || registered.Token == "" {
		t.Errorf("registered %+v", registered)
	}
	apptest.WantMails(t, a, "ann@example.com: Welcome to Conduit")

	loggedIn := user(t, client.Send("POST", "/api/users/login", `{"user": {"email": "ANN@example.com", "password": "correct horse"}}`, 200))
	if loggedIn.Token == registered.Token {
		t.Error("two logins have the same token")
	}
	for _, token := range []string{registered.Token, loggedIn.Token} {
		client.Token = token
		if me := user(t, client.Send("GET", "/api/user", "", 200)); me.Email != "ann@example.com" || me.Token != token {
			t.Errorf("got %+v", me)
		}
	}
}

func TestSignUpRefused(t *testing.T) {
	a := apptest.New(t)
	client := apptest.NewClient(t, a, users.Register)
	client.Send("POST", "/api/users", ann, 201)
	client.Send("POST", "/api/users", strings.Replace(ann, "ann@", "other@", 1), 409)
	client.Send("POST", "/api/users", strings.Replace(ann, `"ann"`, `"other"`, 1), 409)
	apptest.WantErrors(t, client.Send("POST", "/api/users", `{"user": {"username": "a b", "email": "ann", "password": "short"}}`, 422),
		"user.username pattern", "user.email pattern", "user.password minlen")
	apptest.WantErrors(t, client.Send("POST", "/api/users", strings.Replace(ann, "horse", strings.Repeat("ä", 36), 1), 422),
		"user.password invalid")
	apptest.WantMails(t, a, "ann@example.com: Welcome to Conduit") // one alone
}

func TestLoginRefused(t *testing.T) {
	a := apptest.New(t)
	client := apptest.NewClient(t, a, users.Register)
	client.Send("POST", "/api/users", ann, 201)
	wrong := client.Send("POST", "/api/users/login", `{"user": {"email": "ann@example.com", "password": "wrong"}}`, 401)
	nobody := client.Send("POST", "/api/users/login", `{"user": {"email": "nobody@example.com", "password": "wrong"}}`, 401)
	if wrong != nobody {
		t.Errorf("a stranger learns whether there is a user: %s, %s", wrong, nobody)
	}
	a.LoginLimiter.PerMinute = 2
	client.Send("POST", "/api/users/login", "{", 429)
	a.Limiter.PerMinute = 0 // is not for logins
	a.LoginLimiter.PerMinute = 100
	client.Send("POST", "/api/users/login", "{", 400)
}

// A welcome is a task with these arguments, which nobody has run.
func TestWelcome(t *testing.T) {
	recorder := bgtest.NewRecorder(t)
	mux := http.NewServeMux()
	a := apptest.New(t)
	users.Register(mux, recorder.Runner(), a)
	mails.RegisterTasks(recorder.Runner(), a)
	for _, status := range []int{201, 409} {
		r, w := httptest.NewRequest("POST", "/api/users", strings.NewReader(ann)), httptest.NewRecorder()
		r.Header.Set("Content-Type", "application/json")
		mux.ServeHTTP(w, r)
		if w.Code != status {
			t.Errorf("got %d %s, want %d", w.Code, w.Body, status)
		}
	}
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
	client.Send("PUT", "/api/user", `{"user": {"username": "bob"}}`, 409)
	apptest.WantErrors(t, client.Send("PUT", "/api/user", `{"user": {"email": "", "password": ""}}`, 422),
		"user.email pattern", "user.password minlen")

	u := user(t, client.Send("PUT", "/api/user", `{"user": {"bio": "I write", "password": "battery staple"}}`, 200))
	if u.Username != "ann" || u.Email != "ann@example.com" || u.Bio != "I write" {
		t.Errorf("updated %+v", u)
	}
	client.Send("POST", "/api/users/login", `{"user": {"email": "ann@example.com", "password": "battery staple"}}`, 200)
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
	u := user(t, client.Do(upload(t, gif), 200))
	if u.Image == nil {
		t.Fatal("the user has no picture")
	}
	if got := client.Send("GET", *u.Image, "", 200); got != gif {
		t.Errorf("got %q", got)
	}
	if kept := user(t, client.Send("PUT", "/api/user", `{"user": {"bio": "I write"}}`, 200)); kept.Image == nil || *kept.Image != *u.Image {
		t.Errorf("without an image, the picture is %v", kept.Image)
	}
	if removed := user(t, client.Send("PUT", "/api/user", `{"user": {"image": null}}`, 200)); removed.Image != nil {
		t.Errorf("with null, the picture is %s", *removed.Image)
	}
	client.Send("GET", "/api/images/nothing", "", 404)
	apptest.WantErrors(t, client.Do(upload(t, "#!/bin/sh"), 422), "image invalid")
	client.Do(upload(t, strings.Repeat(gif, 2<<20/len(gif)+1)), 413)

	stranger := apptest.NewClient(t, a, users.Register)
	stranger.Do(upload(t, gif), 401)
}
