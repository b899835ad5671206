// Package session keeps who is logged in in a cookie.
//
// The cookie holds a random number, and the server what belongs to it: a session can be
// ended at once, and the cookie tells nothing. SameSite=Lax keeps other sites from
// sending it with a POST.
package session

import (
	"crypto/rand"
	"net/http"
	"sync"
	"time"

	"github.com/bggen/bggen/runtime"
	"github.com/bggen/bggen/runtime/auth"
)

// App holds what lives as long as the program.
//
//bggen:app
type App struct {
	Sessions *Sessions
	Password func(name string) (password string, ok bool) // compare hashes in a real program
}

// Sessions are those that have not ended. Several processes need them in a database.
type Sessions struct {
	mu   sync.Mutex
	open map[string]session
}

type session struct {
	user User
	ends time.Time
}

const (
	cookieName = "session"
	lifetime   = 12 * time.Hour
)

// User is who has logged in.
type User struct{ Name string }

// RequireUser lets in requests with the cookie of a session.
//
//bggen:guard
//bggen:param key cookie=session
func RequireUser(key auth.APIKey, sessions *Sessions) (User, error) {
	user, ok := sessions.find(string(key))
	if !ok {
		return User{}, key.Invalid() // 401
	}
	return user, nil
}

// Credentials are the body of a login.
type Credentials struct {
	Name     string `json:"name" required:"true"`
	Password string `json:"password" required:"true"`
}

// Login begins a session.
//
//bggen:route POST /login
func (a *App) Login(body Credentials) (runtime.Response[User], error) {
	want, ok := a.Password(body.Name)
	if !ok || !auth.Equal(body.Password, want) {
		return runtime.Response[User]{}, &runtime.Problem{Status: http.StatusUnauthorized, Detail: "name or password is wrong"}
	}
	user := User{body.Name}
	return runtime.Response[User]{
		Cookies: []*http.Cookie{cookie(a.Sessions.begin(user), lifetime)},
		Body:    user,
	}, nil
}

// Logout ends the session.
//
//bggen:route POST /logout
//bggen:depends RequireUser
//bggen:param key cookie=session
func (a *App) Logout(key string) runtime.Response[string] {
	a.Sessions.end(key)
	return runtime.Response[string]{Cookies: []*http.Cookie{cookie("", -time.Second)}, Body: "bye"}
}

// Me says who has logged in.
//
//bggen:route GET /me
func Me(u User) User { return u }

func cookie(value string, lifetime time.Duration) *http.Cookie {
	return &http.Cookie{
		Name: cookieName, Value: value, Path: "/", MaxAge: int(lifetime.Seconds()),
		HttpOnly: true, Secure: true, SameSite: http.SameSiteLaxMode,
	}
}

func (s *Sessions) begin(u User) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.open == nil {
		s.open = map[string]session{}
	}
	key := rand.Text()
	s.open[key] = session{u, time.Now().Add(lifetime)}
	return key
}

func (s *Sessions) find(key string) (User, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	found, ok := s.open[key]
	return found.user, ok && time.Now().Before(found.ends)
}

func (s *Sessions) end(key string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.open, key)
}
