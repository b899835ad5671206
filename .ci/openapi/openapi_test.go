package openapi

import (
	"context"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"

	"github.com/bggen/bggen/examples/notify/notify"
	"github.com/bggen/bggen/generator"
	"github.com/bggen/bggen/runtime"
	"github.com/bggen/bggen/runtime/contract"
	"github.com/bggen/bggen/testdata/ok/document/admin"
	"github.com/bggen/bggen/testdata/ok/document/items"
	"github.com/bggen/bggen/testdata/ok/document/orders"
	"github.com/getkin/kin-openapi/openapi3"
	"github.com/pb33f/libopenapi"
	validator "github.com/pb33f/libopenapi-validator"
)

// documents are those that are committed.
var documents = []string{
	"../../testdata/openapi/ok.json",
	"../../testdata/ok/document/openapi.json",
	"../../testdata/ok/document/admin/openapi.yaml",
}

func read(t *testing.T, name string) []byte {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func TestDocumentsAreValid(t *testing.T) {
	for _, name := range documents {
		text := read(t, name)
		parsed, err := openapi3.NewLoader().LoadFromData(text)
		if err == nil {
			err = parsed.Validate(context.Background())
		}
		if err != nil {
			t.Errorf("kin-openapi, %s: %v", name, err)
		}
		document, err := libopenapi.NewDocument(text)
		if err != nil {
			t.Fatal(err)
		}
		v, errs := validator.NewValidator(document)
		if len(errs) > 0 {
			t.Fatal(errs)
		}
		if ok, errs := v.ValidateDocument(); !ok {
			t.Errorf("libopenapi, %s: %v", name, errs)
		}
	}
}

// TestAdaptersKeepTheContract draws requests for the adapters of packages, from
// documents that are made of them.
func TestAdaptersKeepTheContract(t *testing.T) {
	t.Chdir(t.TempDir()) // notify writes a log
	var runner runtime.Runner
	t.Cleanup(func() { _ = runner.Shutdown(context.Background()) })
	mux := http.NewServeMux()
	notify.Register(mux, &runner)
	contract.Explore(t, documentOf(t, "./examples/notify/notify"), mux)

	mux = http.NewServeMux()
	items.Register(mux, &runner)
	contract.Explore(t, documentOf(t, "./testdata/ok/document/items"), mux)

	mux = http.NewServeMux()
	admin.Register(mux, &runner)
	spec := documentOf(t, "./testdata/ok/document/admin")
	contract.Explore(t, spec, mux, contract.Prepare(func(r *http.Request) { r.Header.Set("Authorization", "Bearer secret") }))
	contract.Check(t, spec, mux).ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/items", nil)) // 401

	mux = http.NewServeMux()
	orders.Register(mux, &runner)
	contract.Explore(t, documentOf(t, "./testdata/ok/document/orders"), mux, contract.Prepare(func(r *http.Request) { r.Header.Set("Authorization", "Bearer secret") }))
}

// root is the directory of the module that the packages are in.
var root = func() string {
	dir, err := filepath.Abs("../..")
	if err != nil {
		panic(err)
	}
	return dir
}()

func documentOf(t *testing.T, pattern string) []byte {
	t.Helper()
	result, err := generator.Generate(t.Context(), generator.Config{Dir: root, Patterns: []string{pattern}, OpenAPI: true})
	if err != nil || result.HasErrors() {
		t.Fatal(err, result.Diagnostics)
	}
	return result.OpenAPI
}
