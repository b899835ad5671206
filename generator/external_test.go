package generator

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestExternalProviders takes providers from a module that is no main one: with
// its types from export data or a bundle, which have no comments, and from source.
func TestExternalProviders(t *testing.T) {
	root, err := filepath.Abs("..")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	for name, text := range map[string]string{
		"lib/go.mod": "module example.com/lib\n\ngo 1.26\n",
		"lib/auth/auth.go": `package auth

import "example.com/lib/keys"

// User is somebody who has come.
type User struct {
	Name  string       // as on the badge
	Stays keys.Timeout // and not longer
}

type Users struct{}

//bggen:provide
//bggen:param token header=Authorization
//bggen:depends CheckKey
func (*Users) Require(token string, k keys.Key) (User, error) { return User{Name: token}, nil }

func CheckKey(k keys.Key) error { return nil }

//bggen:app
type App struct{ Users *Users }
`,
		"lib/keys/keys.go": `package keys

import "time"

type Key string

type Timeout time.Duration

//bggen:provide
func Load(version *int) Key { return "k" }
`,
		"lib/plain/plain.go": "package plain\n\nfunc Open() error { return nil }\n",
		"app/go.mod": "module example.com/app\n\ngo 1.26\n\nrequire (\n\texample.com/lib v0.0.0\n\tgithub.com/bggen/bggen v0.0.0\n)\n\n" +
			"replace (\n\texample.com/lib => ../lib\n\tgithub.com/bggen/bggen => " + root + "\n)\n",
		"app/app.go": `// Package app has only handlers.
//
//bggen:use example.com/lib/auth
//bggen:depends example.com/lib/plain.Open
package app

import "example.com/lib/auth"

//bggen:route GET /me
func Me(u auth.User) string { return u.Name }

//bggen:route GET /user
func User(u auth.User) auth.User { return u }
`,
	} {
		name = filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	var files, documents []string
	for _, way := range ways {
		result := generateBy(t, way, Config{Dir: filepath.Join(dir, "app"), Patterns: []string{"./..."}, OpenAPI: true})
		if len(result.Diagnostics) > 0 || len(result.Files) != 1 {
			t.Fatalf("%s:\n%s", way, strings.Join(texts(result.Diagnostics), "\n"))
		}
		files = append(files, string(result.Files[0].Content))
		documents = append(documents, string(result.OpenAPI))
	}
	for _, texts := range [][]string{files, documents} {
		for i, text := range texts {
			if text != texts[0] {
				t.Errorf("%s:\n%s\n%s:\n%s", ways[0], texts[0], ways[i], text)
			}
		}
	}
	for _, line := range []string{
		"func MeHandler(runner *runtime.Runner, app *auth.App, opts ...runtime.Option) http.Handler {",
		"	return p.app.Users.Require(p.user.token, k)",
		"	p.key.value = keys.Load(p.key.version)",
		"	return plain.Open()",
		"//	(guard)  auth.CheckKey, from keys.Load",
	} {
		if !strings.Contains(files[0], line+"\n") {
			t.Errorf("there is no line %q in\n%s", line, files[0])
		}
	}
}
