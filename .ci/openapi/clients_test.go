package openapi

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"maps"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// known is what generators of clients say, or what a compiler says of what they have
// made, for documents that they cannot read: the faults are theirs.
var known = map[string]map[string]string{
	"openapi-typescript": {
		"bodies":     "'Part' is referenced directly or indirectly in its own type annotation",
		"emptylists": "'Tree' is referenced directly or indirectly in its own type annotation",
	},
	"hey-api": {},
	"oapi-codegen": {
		"bodies":     "invalid recursive type: Part refers to itself",
		"bodylimits": "Level redeclared",
		"emptylists": "invalid recursive type: Tree refers to itself",
		"names":      "cannot use NewAwkwardRequest", // a parameter is called err
	},
	"ogen": {
		"bodies":     "infinite recursion: Order.Next is required",
		"bodylimits": `field "Level" already defined by property "level"`,
		"bodyvalues": "cannot unmarshal !!int `0` into bool", // exclusiveMinimum, as OpenAPI 3.0 has it
		"described":  `"openIdConnect security" is not implemented`,
		"document":   `"sse server response encoding" is not implemented`,
		"emptylists": `Content type "application/jsonl" is unsupported`,
		"shop":       `"sse server response encoding" is not implemented`,
		"streams":    `"sse server response encoding" is not implemented`,
	},
}

// wantKnown fails the test unless a generator has failed where that is known, each
// with what is known. What it said is by the name of the document.
func wantKnown(t *testing.T, generator string, said map[string]string) {
	t.Helper()
	for name := range known[generator] {
		if said[name] == "" {
			t.Errorf("%s can read %s now: take it out of the list, and out of docs/clients.md", generator, name)
		}
	}
	for name, text := range said {
		if want := known[generator][name]; want == "" || !strings.Contains(text, want) {
			t.Errorf("%s, %s: %s", generator, name, text)
		}
	}
}

// TestClients has generators make clients of all documents, compiles them, and has
// some talk to examples/conduit.
func TestClients(t *testing.T) {
	docs := allDocuments(t)
	server := serveConduit(t)
	t.Run("Go", func(t *testing.T) { t.Parallel(); goClients(t, docs, server) })
	t.Run("TypeScript", func(t *testing.T) { t.Parallel(); typeScriptClients(t, docs, server) })
}

// allDocuments writes a document for each package of testdata/ok, and that of
// examples/conduit, to a directory.
func allDocuments(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	packages, err := filepath.Glob(filepath.Join(root, "testdata/ok/*"))
	if err != nil || len(packages) < 30 {
		t.Fatal(err, len(packages))
	}
	for _, p := range packages {
		write(t, filepath.Join(dir, filepath.Base(p)+".json"), documentOf(t, "./testdata/ok/"+filepath.Base(p)+"/..."))
	}
	write(t, filepath.Join(dir, "shop.json"), read(t, "../../testdata/ok/document/openapi.json"))
	write(t, filepath.Join(dir, "conduit.json"), read(t, "../../examples/conduit/openapi.json"))
	return dir
}

func write(t *testing.T, name string, text []byte) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, text, 0o644); err != nil {
		t.Fatal(err)
	}
}

// run runs a command in a directory, and fails the test if that fails.
func run(t *testing.T, dir, name string, args ...string) string {
	t.Helper()
	out, err := command(t, dir, name, args...)
	if err != nil {
		t.Fatalf("%s %s: %v\n%s", name, strings.Join(args, " "), err, out)
	}
	return out
}

func command(t *testing.T, dir, name string, args ...string) (string, error) {
	cmd := exec.CommandContext(t.Context(), name, args...)
	cmd.Dir = dir
	out, err := cmd.CombinedOutput()
	return string(out), err
}

// serveConduit serves examples/conduit until the test has ended, and returns its
// address.
func serveConduit(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	run(t, "../../examples/conduit", "go", "build", "-o", filepath.Join(dir, "conduit"), ".")
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	addr := free.Addr().String()
	free.Close()
	cmd := exec.CommandContext(context.WithoutCancel(t.Context()), "./conduit", "-addr", addr)
	cmd.Dir = dir
	output, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Signal(os.Interrupt)
		_ = cmd.Wait()
	})
	var log bytes.Buffer
	lines := bufio.NewScanner(output)
	for lines.Scan() && !strings.Contains(lines.Text(), addr) {
		fmt.Fprintln(&log, lines.Text())
	}
	go func() {
		for lines.Scan() { // so that it can go on writing
		}
	}()
	for t.Context().Err() == nil { // it listens in a moment
		response, err := http.Get("http://" + addr + "/health")
		if err == nil {
			response.Body.Close()
			return "http://" + addr
		}
		if cmd.ProcessState != nil {
			break
		}
	}
	t.Fatalf("conduit does not answer\n%s", log.String())
	return ""
}

// goClients has oapi-codegen and ogen make clients in one module, which is compiled.
func goClients(t *testing.T, docs, server string) {
	dir := t.TempDir()
	module := strings.Replace(string(read(t, "go.mod")), "module github.com/bggen/bggen/.ci/openapi", "module example.com/client", 1)
	module = regexp.MustCompile(`=> (\.\S+)`).ReplaceAllStringFunc(module, func(m string) string {
		return "=> " + filepath.Join(root, ".ci/openapi", strings.TrimPrefix(m, "=> "))
	})
	write(t, filepath.Join(dir, "go.mod"), []byte(module))
	write(t, filepath.Join(dir, "go.sum"), read(t, "go.sum"))
	files, err := filepath.Glob(filepath.Join(docs, "*.json"))
	if err != nil {
		t.Fatal(err)
	}
	tools := map[string]string{}
	for _, tool := range []string{"oapi-codegen", "ogen"} {
		tools[tool] = strings.TrimSpace(run(t, ".", "go", "tool", "-n", tool))
	}
	said := map[string]map[string]string{"oapi-codegen": {}, "ogen": {}}
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".json")
		target := filepath.Join(dir, "oapi-codegen", name)
		write(t, filepath.Join(target, "doc.go"), []byte("package api\n"))
		if out, err := command(t, dir, tools["oapi-codegen"], "-generate", "types,client", "-package", "api", "-o", filepath.Join(target, "api.go"), file); err != nil {
			said["oapi-codegen"][name] = out
		}
		target = filepath.Join(dir, "ogen", name)
		if out, err := command(t, dir, tools["ogen"], "--target", target, "--package", "api", file); err != nil {
			said["ogen"][name] = out
			os.RemoveAll(target)
		}
	}
	if made := read(t, filepath.Join(dir, "ogen", "conduit", "oas_schemas_gen.go")); !bytes.Contains(made, []byte("ht.MultipartFile")) {
		t.Error("ogen takes the upload of an image for text")
	}
	// -trimpath: what has been compiled once is found in the cache, wherever it lies
	out, _ := command(t, dir, "go", "build", "-trimpath", "./...")
	for _, of := range strings.Split("\n"+out, "\n# ")[1:] {
		path, text, _ := strings.Cut(of, "\n")
		path, name, _ := strings.Cut(strings.TrimPrefix(path, "example.com/client/"), "/")
		if said[path] == nil {
			t.Fatal(out)
		}
		said[path][name] = text
	}
	for _, generator := range slices.Sorted(maps.Keys(said)) {
		wantKnown(t, generator, said[generator])
	}
	// the program of the page
	if err := os.Rename(filepath.Join(dir, "oapi-codegen", "conduit"), filepath.Join(dir, "api")); err != nil {
		t.Fatal(err)
	}
	program := blocks(t, "go")[0]
	write(t, filepath.Join(dir, "main.go"), []byte(strings.Replace(program, "return nil\n}\n", "return journey(ctx, server)\n}\n", -1)))
	write(t, filepath.Join(dir, "page", "main.go"), []byte(program))
	write(t, filepath.Join(dir, "journey.go"), read(t, "testdata/journey.go"))
	run(t, dir, "go", "vet", ".", "./page")
	if out := run(t, dir, "go", "run", ".", server); out != "made Gophers\n404 Not Found\n" {
		t.Errorf("the program prints %q", out)
	}
}

// blocks are the blocks of docs/clients.md in a language.
func blocks(t *testing.T, language string) (list []string) {
	t.Helper()
	text := read(t, "../../docs/clients.md")
	for _, m := range regexp.MustCompile("(?s)```"+language+"\n(.*?)```").FindAllSubmatch(text, -1) {
		list = append(list, string(m[1]))
	}
	return list
}

// typeScriptClients has redocly look at documents, and compiles what openapi-typescript
// and hey-api make of all.
func typeScriptClients(t *testing.T, docs, server string) {
	if _, err := exec.LookPath("npm"); err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal("node is not there")
		}
		t.Skip("node is not there")
	}
	install(t)
	lint(t, "../../examples/conduit/openapi.json", "../../testdata/ok/document/openapi.json", "../../testdata/ok/document/admin/openapi.yaml")
	// The packages of testdata/ok have no licence, servers that are not there, and
	// operations that cannot fail.
	lint(t, "../../testdata/openapi/ok.json", "--skip-rule=info-license", "--skip-rule=no-server-example.com", "--skip-rule=operation-4xx-response")
	if err := os.RemoveAll("generated"); err != nil {
		t.Fatal(err)
	}
	run(t, ".", "node", "generate.mjs", docs)
	recipes := blocks(t, "ts")
	for i, name := range []string{"publish", "titles"} {
		text := strings.Replace(recipes[i], `"./api"`, `"../types/conduit"`, 1)
		write(t, filepath.Join("generated/recipes", name+".ts"), []byte(strings.ReplaceAll(text, `"./client`, `"../hey/conduit`)))
	}
	out, _ := command(t, ".", "npx", "tsc", "-p", ".", "--pretty", "false")
	said := map[string]map[string]string{"openapi-typescript": {}, "hey-api": {}}
	made := map[string]string{"types": "openapi-typescript", "hey": "hey-api"}
	for line := range strings.Lines(out) {
		m := regexp.MustCompile(`^generated/(types|hey)/(\w+)`).FindStringSubmatch(line)
		if m == nil {
			t.Errorf("tsc: %s", line)
			continue
		}
		said[made[m[1]]][m[2]] += line
	}
	for generator := range said {
		wantKnown(t, generator, said[generator])
	}
	run(t, ".", "node", "run.mjs", server)
}

// lint has redocly look at documents, which are to have neither errors nor warnings.
func lint(t *testing.T, args ...string) {
	t.Helper()
	out, err := command(t, ".", "npx", append([]string{"redocly", "lint", "--config", "redocly.yaml"}, args...)...)
	if err != nil || strings.Contains(out, "You have ") {
		t.Errorf("redocly: %v\n%s", err, out)
	}
}

// install installs what package-lock.json names, unless it is there.
func install(t *testing.T) {
	t.Helper()
	const mark = "node_modules/.installed"
	lock := read(t, "package-lock.json")
	if done, err := os.ReadFile(mark); err == nil && bytes.Equal(done, lock) {
		return
	}
	run(t, ".", "npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts")
	write(t, mark, lock)
}
