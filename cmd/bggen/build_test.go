package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// driver is a main package that answers one request by itself, and prints what
// it answered.
func driver(register, target string) string {
	return `package main

import (
	"fmt"
	"net/http"
	"net/http/httptest"

	"example.com/outside/` + register + `"
	"github.com/bggen/bggen/runtime"
)

func main() {
	mux := http.NewServeMux()
	` + register + `.Register(mux, new(runtime.Runner))
	w := httptest.NewRecorder()
	mux.ServeHTTP(w, httptest.NewRequest("GET", "` + target + `", nil))
	fmt.Println(w.Code, w.Body)
}
`
}

func TestCgo(t *testing.T) {
	if _, err := exec.LookPath("gcc"); err != nil {
		t.Skip("there is no gcc")
	}
	dir := module(t, map[string]string{
		"main.go": driver("sums", "/sum/2?b=3"),
		"sums/sums.go": `package sums

// int add(int a, int b) { return a + b; }
import "C"

// Number is what C computes with.
type Number C.int

//bggen:provide
func NewNumber(b int) Number { return Number(b) }

//bggen:route GET /sum/{a}
func Sum(a int, n Number) string {
	if C.add(C.int(a), C.int(n)) == 5 {
		return "five"
	}
	return "something else"
}
`,
	})
	answers(t, dir, "200 five\n")
}

func TestVendoring(t *testing.T) {
	dir := module(t, map[string]string{
		"main.go": driver("hello", "/hello/you"),
		"hello/hello.go": `package hello

import "example.com/lib"

//bggen:route GET /hello/{name}
func Hello(name string, g lib.Greeting) string { return string(g) + name }
`,
		"lib/go.mod": "module example.com/lib\n\ngo 1.26\n",
		"lib/lib.go": `package lib

type Greeting string

//bggen:provide
func NewGreeting() Greeting { return "hello " }
`,
	})
	goCommand(t, dir, "mod", "edit", "-require=example.com/lib@v0.0.0", "-replace=example.com/lib=./lib", "-droptool=github.com/bggen/bggen/cmd/bggen")
	os.WriteFile(filepath.Join(dir, "hello", "bggen_gen.go"), []byte("package hello\n\nimport _ \"github.com/bggen/bggen/runtime/adapter\"\n"), 0o644) // as generated code does
	goCommand(t, dir, "mod", "tidy", "-e")
	goCommand(t, dir, "mod", "vendor")
	os.Remove(filepath.Join(dir, "hello", "bggen_gen.go"))
	answers(t, dir, "200 hello you\n")
}

// answers generates for a module, without a word, and runs it.
func answers(t *testing.T, dir, want string) {
	t.Helper()
	if status, _, stderr := command(t, dir, "./..."); status != exitOK || stderr != "" {
		t.Fatalf("%d %s", status, stderr)
	}
	if out := goCommand(t, dir, "run", "."); out != want {
		t.Errorf("the answer is %q", out)
	}
}

// A package of tests only has nothing to generate for.
func TestTestsOnly(t *testing.T) {
	dir := module(t, map[string]string{
		"only/only_test.go": "package only\n\n//bggen:route GET /\nfunc Home() {}\n",
	})
	status, stdout, stderr := command(t, dir, "./...")
	if _, err := os.Stat(filepath.Join(dir, "only", "bggen_gen.go")); status != exitOK || stdout != "" || stderr != "bggen: no directives in 1 package: see bggen help start\n" || err == nil {
		t.Errorf("%d %s %s, %v", status, stdout, stderr, err)
	}
}
