package generator

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/bggen/bggen/generator/internal/load"
)

// TestExternalProviders takes providers from a module that is no main one: once
// with its types from export data, which has no comments, and once from source.
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

type User struct{ Name string }

type Users struct{}

//bggen:provide
//bggen:param token header=Authorization
//bggen:depends CheckKey
func (*Users) Require(token string, k keys.Key) (User, error) { return User{token}, nil }

func CheckKey(k keys.Key) error { return nil }

//bggen:app
type App struct{ Users *Users }
`,
		"lib/keys/keys.go": `package keys

type Key string

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
	var files []string
	for _, imports := range []load.Imports{load.ExportData, load.Source} {
		result, err := Generate(t.Context(), Config{Dir: filepath.Join(dir, "app"), Patterns: []string{"./..."}, imports: imports})
		if err != nil || len(result.Diagnostics) > 0 || len(result.Files) != 1 {
			t.Fatalf("%v\n%s", err, strings.Join(texts(result.Diagnostics), "\n"))
		}
		files = append(files, string(result.Files[0].Content))
	}
	if files[0] != files[1] {
		t.Errorf("from export data:\n%s\nfrom source:\n%s", files[0], files[1])
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
