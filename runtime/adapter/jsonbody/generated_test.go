package jsonbody

import (
	"bufio"
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
)

var (
	generatedTypes = flag.Int("generated", 30, "for how many random types TestGenerated generates a handler")
	generatedSeed  = flag.Uint64("seed", 1, "of TestGenerated")
)

// TestGenerated generates handlers for random types, sends them random JSON, and
// compares their answers with the reference: the same values or the same errors.
func TestGenerated(t *testing.T) {
	if testing.Short() {
		t.Skip("it compiles a program")
	}
	random := rand.New(rand.NewPCG(*generatedSeed, 0))
	s := &service{T: t, dir: t.TempDir()}
	s.write("go.mod", "module example.com/a\n\ngo 1.26.0\n\nrequire github.com/bggen/bggen v0.0.0\n\nreplace github.com/bggen/bggen => "+root(t)+"\n")
	s.write("jsonbody/kinds.go", "package jsonbody\n\nimport (\n\"encoding/json\"\n\"errors\"\n)\n\n"+kinds(t))
	for range *generatedTypes {
		s.add(chooserOf(random).structType(0))
	}
	s.build()
	s.start()
	bodies := 0
	for i, rt := range s.types {
		for range 200 {
			c := chooserOf(random)
			var b strings.Builder
			c.json(&b, rt, 0)
			if bodies++; !s.compare(i, b.String(), c.seldom(3)) {
				return
			}
		}
	}
	t.Logf("%d bodies of %d types; %d more types were refused", bodies, len(s.types), s.refused)
	if len(s.types) < *generatedTypes/4 {
		t.Errorf("of %d types, %d were refused", *generatedTypes, s.refused)
	}
}

func chooserOf(random *rand.Rand) *chooser {
	data := make([]byte, 20+random.IntN(400))
	for i := range data {
		data[i] = byte(random.Uint32())
	}
	return &chooser{data}
}

func root(t *testing.T) string {
	dir, err := filepath.Abs("../../..")
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

// kinds are the defined types that random types are made of, as they are declared here.
func kinds(t *testing.T) string {
	text, err := os.ReadFile("fuzz_test.go")
	_, after, ok := strings.Cut(string(text), "// Even reads")
	declared, _, more := strings.Cut(after, "// A chooser")
	if err != nil || !ok || !more {
		t.Fatal("the types are not where they were", err)
	}
	return "// Even reads" + declared
}

// A service is a program with a handler for each type.
type service struct {
	*testing.T
	dir     string
	types   []reflect.Type // those for which a handler was generated
	refused int
	in      *json.Encoder
	out     *json.Decoder
}

func (s *service) write(name, text string) {
	s.Helper()
	name = filepath.Join(s.dir, name)
	if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
		s.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(text), 0o666); err != nil {
		s.Fatal(err)
	}
}

// add writes the package of a type.
func (s *service) add(t reflect.Type) {
	var imports strings.Builder
	for name, path := range map[string]string{"time": "time", "json": "encoding/json", "netip": "net/netip", "jsonbody": "example.com/a/jsonbody"} {
		if strings.Contains(t.String(), name+".") {
			fmt.Fprintf(&imports, "import %q\n", path)
		}
	}
	s.write(fmt.Sprintf("p%d/p.go", len(s.types)), fmt.Sprintf(`package p

%s
type T %s

//bggen:route POST /
func Save(body T) T { return body }

//bggen:route POST /strict strict
func SaveStrict(body T) T { return body }
`, &imports, t))
	s.types = append(s.types, t)
}

// build generates and compiles. What the generator refuses, a default that is no value
// of its field for example, is left out.
func (s *service) build() {
	bggen := filepath.Join(s.dir, "bggen")
	s.run(root(s.T), "go", "build", "-o", bggen, "./cmd/bggen")
	cmd := exec.Command(bggen, "./...")
	cmd.Dir = s.dir
	said, _ := cmd.CombinedOutput()
	var imports, cases strings.Builder
	accepted := s.types[:0]
	for i, t := range s.types {
		if _, err := os.Stat(filepath.Join(s.dir, fmt.Sprintf("p%d/bggen_gen.go", i))); err != nil {
			if !strings.Contains(string(said), fmt.Sprintf("p%d/p.go:", i)) {
				lines := slices.DeleteFunc(strings.Split(string(said), "\n"), func(line string) bool { return !strings.Contains(line, fmt.Sprintf("p%d/", i)) })
				s.Fatalf("nothing was generated for %v, and nothing said why: %s", t, lines)
			}
			s.refused++
			continue
		}
		fmt.Fprintf(&imports, "p%d \"example.com/a/p%d\"\n", i, i)
		fmt.Fprintf(&cases, "func(mux runtime.Mux, r *runtime.Runner) { p%d.Register(mux, r) },\n", i)
		accepted = append(accepted, t)
	}
	s.types = accepted
	s.write("main.go", strings.NewReplacer("IMPORTS", imports.String(), "CASES", cases.String()).Replace(program))
	s.run(s.dir, "go", "build", "-o", "service", ".")
}

// program answers requests, one a line.
const program = `package main

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"

	"github.com/bggen/bggen/runtime"
IMPORTS)

var registers = []func(runtime.Mux, *runtime.Runner){
CASES}

func main() {
	var muxes []*http.ServeMux
	for _, register := range registers {
		mux := http.NewServeMux()
		register(mux, &runtime.Runner{})
		muxes = append(muxes, mux)
	}
	in, out := json.NewDecoder(os.Stdin), json.NewEncoder(os.Stdout)
	var ask struct { Type int; Path string; Body []byte }
	for in.Decode(&ask) == nil {
		r := httptest.NewRequest("POST", ask.Path, strings.NewReader(string(ask.Body)))
		r.Header.Set("Content-Type", "application/json")
		w := httptest.NewRecorder()
		muxes[ask.Type].ServeHTTP(w, r)
		out.Encode(map[string]any{"Status": w.Code, "Body": w.Body.Bytes()})
	}
}
`

func (s *service) run(dir, name string, args ...string) {
	s.Helper()
	cmd := exec.Command(name, args...)
	cmd.Dir = dir
	if out, err := cmd.CombinedOutput(); err != nil {
		s.Fatalf("%s %s: %v\n%s", name, strings.Join(args, " "), err, out)
	}
}

func (s *service) start() {
	cmd := exec.CommandContext(s.Context(), filepath.Join(s.dir, "service"))
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		s.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		s.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		s.Fatal(err)
	}
	s.Cleanup(func() { in.Close(); cmd.Wait() })
	s.in, s.out = json.NewEncoder(in), json.NewDecoder(bufio.NewReader(out))
}

// compare sends a body to the handler of a type, and reports whether the answer is that
// of the reference.
func (s *service) compare(i int, text string, strict bool) bool {
	path := "/"
	if strict {
		path = "/strict"
	}
	var answer struct {
		Status int
		Body   []byte
	}
	if err := s.in.Encode(map[string]any{"Type": i, "Path": path, "Body": []byte(text)}); err != nil {
		s.Fatal(err)
	}
	if err := s.out.Decode(&answer); err != nil {
		s.Fatalf("of %s\nin %v:\nno answer: %v", text, s.types[i], err)
	}
	got := fmt.Sprint(answer.Status, " ", string(answer.Body))
	if want := expected(s.T, s.types[i], text, strict, answer.Status, answer.Body); want != "" {
		s.Errorf("of %s\nin %v, strict %v:\ngot    %s\nwanted %s", text, s.types[i], strict, got, want)
		return false
	}
	return true
}

// expected is what the reference says of a body where that is not the answer, else "".
func expected(t *testing.T, rt reflect.Type, text string, strict bool, status int, body []byte) string {
	r := &reference{strict: strict, errors: map[string]bool{}, absent: map[string]bool{}}
	r.find(rt, []byte(text))
	if len(r.errors) > 0 {
		var problem struct{ Errors []struct{ Name, Code string } }
		err := json.Unmarshal(body, &problem)
		got := map[string]bool{}
		for _, e := range problem.Errors {
			got[e.Name+": "+e.Code] = true
		}
		if err != nil || status != 422 || !maps.Equal(got, r.errors) {
			return fmt.Sprint(422, " ", slices.Sorted(maps.Keys(r.errors)))
		}
		return ""
	}
	v := reflect.New(rt)
	if err := json.Unmarshal([]byte(text), v.Interface()); err != nil {
		t.Fatalf("of %s\nin %v:\nthe reference found nothing, and encoding/json %v", text, rt, err)
	}
	fill(v.Elem(), nil, r.absent)
	want, err := json.Marshal(v.Interface())
	if err != nil {
		t.Fatal(err)
	}
	if status != 200 || !reflect.DeepEqual(tree(t, body), tree(t, want)) {
		return "200 " + string(want)
	}
	return ""
}

func tree(t *testing.T, text []byte) (v any) {
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber() // some are more than a float64 holds
	if err := d.Decode(&v); err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return v
}

// fill sets the defaults of what is absent.
func fill(v reflect.Value, path []step, absent map[string]bool) {
	if v.Kind() == reflect.Pointer && !v.IsNil() {
		v = v.Elem()
	}
	switch kind := v.Kind(); {
	case isCustom(v.Type()):
	case kind == reflect.Struct:
		for i := range v.NumField() {
			f := v.Type().Field(i)
			name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
			if at := in(path, step{Field: name}); absent[place(at)] {
				v.Field(i).Set(defaultOf(f.Type, f.Tag.Get("default")))
			} else {
				fill(v.Field(i), at, absent)
			}
		}
	case kind == reflect.Slice || kind == reflect.Array:
		for i := range v.Len() {
			fill(v.Index(i), in(path, step{Index: i}), absent)
		}
	}
}

// defaultOf reads a default.
func defaultOf(t reflect.Type, text string) reflect.Value {
	v := reflect.New(t).Elem()
	switch t.Kind() {
	case reflect.Pointer:
		v.Set(reflect.New(t.Elem()))
		v.Elem().Set(defaultOf(t.Elem(), text))
	case reflect.Slice:
		v.Set(reflect.Append(v, defaultOf(t.Elem(), text)))
	case reflect.String:
		v.SetString(text)
	default:
		if err := json.Unmarshal([]byte(text), v.Addr().Interface()); err != nil {
			panic(err)
		}
	}
	return v
}
