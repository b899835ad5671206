package apidocs_test

import (
	"compress/gzip"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/bggen/bggen/runtime/apidocs"
)

const document = `{"openapi": "3.1.0", "info": {"title": "A shop", "version": "1"}, "paths": {}}`

func get(h http.Handler, path string, header ...string) *http.Response {
	r := httptest.NewRequest(http.MethodGet, path, nil)
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w.Result()
}

func text(t *testing.T, r io.Reader) string {
	t.Helper()
	content, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}

func TestHandlerServesTheDocumentAsItCame(t *testing.T) {
	for _, c := range []struct{ spec, path, contentType string }{
		{document, "openapi.json", "application/json"},
		{"openapi: 3.1.0\ninfo: {title: A shop}\n", "openapi.yaml", "application/yaml"},
	} {
		h := apidocs.Handler("/v1/docs/", []byte(c.spec))
		answer := get(h, "/v1/docs/"+c.path)
		if got := text(t, answer.Body); got != c.spec || answer.Header.Get("Content-Type") != c.contentType {
			t.Errorf("%s: %s %q", c.path, answer.Header.Get("Content-Type"), got)
		}
		if page := text(t, get(h, "/v1/docs/").Body); !strings.Contains(page, `data-document="`+c.path+`"`) {
			t.Errorf("the page does not name %s:\n%s", c.path, page)
		}
	}
}

func TestHandlerServesAllThatThePageNames(t *testing.T) {
	h := apidocs.Handler("/docs/", []byte(document))
	for _, name := range []string{"", "page.js", "page.css", "swagger-ui-bundle.js", "swagger-ui.css", "favicon-32x32.png", "oauth2-redirect.html", "oauth2-redirect.js", "LICENSE", "NOTICE"} {
		answer := get(h, "/docs/"+name)
		if answer.StatusCode != http.StatusOK || len(text(t, answer.Body)) == 0 {
			t.Errorf("%s: %s", name, answer.Status)
		}
		if got := answer.Header.Get("Content-Security-Policy"); !strings.Contains(got, "script-src 'self'; style-src 'self';") {
			t.Errorf("%s: policy %q", name, got)
		}
	}
	for _, path := range []string{"/docs/none", "/docs", "/", "/docs/../go.mod", "/docs/assets/page.js"} {
		if answer := get(h, path); answer.StatusCode != http.StatusNotFound {
			t.Errorf("%s: %s", path, answer.Status)
		}
	}
}

func TestHandlerCompressesForWhomItMay(t *testing.T) {
	h := apidocs.Handler("/docs/", []byte(document))
	const path = "/docs/swagger-ui.css"
	want := text(t, get(h, path).Body)
	for _, accepts := range []string{"gzip", "deflate, GZIP;q=0.5, br"} {
		answer := get(h, path, "Accept-Encoding", accepts)
		if answer.Header.Get("Content-Encoding") != "gzip" {
			t.Fatalf("%s: not compressed", accepts)
		}
		zipped, err := gzip.NewReader(answer.Body)
		if err != nil {
			t.Fatal(err)
		}
		if got := text(t, zipped); got != want {
			t.Errorf("%s: %d bytes, and %d without", accepts, len(got), len(want))
		}
	}
	for _, accepts := range []string{"gzip;q=0", "gzip; q=0.0", "br"} {
		if answer := get(h, path, "Accept-Encoding", accepts); answer.Header.Get("Content-Encoding") != "" {
			t.Errorf("%s: compressed", accepts)
		}
	}
}

func TestHandlerAnswersThatNothingHasChanged(t *testing.T) {
	h := apidocs.Handler("/docs/", []byte(document))
	for _, path := range []string{"/docs/", "/docs/openapi.json", "/docs/swagger-ui-bundle.js"} {
		for _, accepts := range []string{"gzip", ""} {
			etag := get(h, path, "Accept-Encoding", accepts).Header.Get("ETag")
			answer := get(h, path, "Accept-Encoding", accepts, "If-None-Match", etag)
			if etag == "" || answer.StatusCode != http.StatusNotModified || text(t, answer.Body) != "" {
				t.Errorf("%s: %q %s", path, etag, answer.Status)
			}
		}
	}
	other := apidocs.Handler("/docs/", []byte(strings.Replace(document, "shop", "store", 1)))
	if get(h, "/docs/openapi.json").Header.Get("ETag") == get(other, "/docs/openapi.json").Header.Get("ETag") {
		t.Error("two documents have one ETag")
	}
}

func TestHandlerOnlyReads(t *testing.T) {
	h := apidocs.Handler("/docs/", []byte(document))
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest(http.MethodPost, "/docs/", nil))
	if w.Code != http.StatusMethodNotAllowed || w.Header().Get("Allow") != "GET, HEAD" {
		t.Error(w.Code, w.Header())
	}
}

func TestHandlerPanicsWhenItIsMisused(t *testing.T) {
	for _, c := range []struct{ prefix, spec string }{{"docs/", document}, {"/docs", document}, {"/docs/", " \n"}} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("Handler(%q, %q) does not panic", c.prefix, c.spec)
				}
			}()
			apidocs.Handler(c.prefix, []byte(c.spec))
		}()
	}
}

func TestHandlerIsAtTheRootToo(t *testing.T) {
	h := apidocs.Handler("/", []byte(document))
	if answer := get(h, "/openapi.json"); answer.StatusCode != http.StatusOK {
		t.Error(answer.Status)
	}
}
