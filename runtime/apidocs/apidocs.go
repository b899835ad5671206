package apidocs

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"io"
	"net/http"
	"strings"
	"time"
)

//go:embed assets/index.html assets/page.js assets/page.css
var assets embed.FS

//go:embed swaggerui/swagger-ui-bundle.js.gz swaggerui/swagger-ui.css.gz swaggerui/favicon-32x32.png
//go:embed swaggerui/oauth2-redirect.html swaggerui/oauth2-redirect.js
//go:embed swaggerui/LICENSE swaggerui/NOTICE swaggerui/swagger-ui-bundle.js.LICENSE.txt
var swaggerUI embed.FS

// policy is the Content-Security-Policy of the page. Requests may go to any
// server, since the document says which ones it describes.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; " +
	"connect-src 'self' http: https:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

// A file is one that is served. If zipped is nil, it is served as it is.
type file struct {
	contentType string
	plain       []byte
	zipped      []byte
	etag        string
}

// Handler returns a handler that serves the page at prefix and its files below
// it. The prefix is a path that ends in a slash, the one that the handler is
// registered with. The document spec is OpenAPI 3 or Swagger 2, in JSON or YAML.
//
// Handler panics if prefix does not begin and end with a slash, or if spec is
// empty: both are mistakes in the program.
func Handler(prefix string, spec []byte) http.Handler {
	if !strings.HasPrefix(prefix, "/") || !strings.HasSuffix(prefix, "/") {
		panic("apidocs: the prefix " + prefix + " does not begin and end with a slash")
	}
	text := bytes.TrimSpace(bytes.TrimPrefix(spec, []byte("\ufeff")))
	if len(text) == 0 {
		panic("apidocs: the document is empty")
	}
	files := load(spec, text[0] == '{')
	return http.StripPrefix(strings.TrimSuffix(prefix, "/"), http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		f := files[r.URL.Path]
		if f == nil {
			http.NotFound(w, r)
			return
		}
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			w.Header().Set("Allow", "GET, HEAD")
			http.Error(w, "Method Not Allowed", http.StatusMethodNotAllowed)
			return
		}
		f.serve(w, r)
	}))
}

// load returns all files by their paths below the prefix.
func load(spec []byte, isJSON bool) map[string]*file {
	files := map[string]*file{}
	name, contentType := "openapi.yaml", "application/yaml"
	if isJSON {
		name, contentType = "openapi.json", "application/json"
	}
	files["/"+name] = newFile(contentType, spec, nil)
	page := strings.ReplaceAll(string(read(assets, "assets/index.html")), "{{document}}", name)
	files["/"] = newFile("text/html; charset=utf-8", []byte(page), nil)
	add := func(from embed.FS, dir, contentType string, names ...string) {
		for _, name := range names {
			plain := read(from, dir+"/"+name)
			files["/"+name] = newFile(contentType, plain, nil)
		}
	}
	add(assets, "assets", "text/javascript; charset=utf-8", "page.js")
	add(assets, "assets", "text/css; charset=utf-8", "page.css")
	add(swaggerUI, "swaggerui", "text/html; charset=utf-8", "oauth2-redirect.html")
	add(swaggerUI, "swaggerui", "text/javascript; charset=utf-8", "oauth2-redirect.js")
	add(swaggerUI, "swaggerui", "text/plain; charset=utf-8", "LICENSE", "NOTICE", "swagger-ui-bundle.js.LICENSE.txt")
	add(swaggerUI, "swaggerui", "image/png", "favicon-32x32.png")
	files["/swagger-ui-bundle.js"] = newFile("text/javascript; charset=utf-8", nil, read(swaggerUI, "swaggerui/swagger-ui-bundle.js.gz"))
	files["/swagger-ui.css"] = newFile("text/css; charset=utf-8", nil, read(swaggerUI, "swaggerui/swagger-ui.css.gz"))
	return files
}

// read reads an embedded file, which is there.
func read(from embed.FS, name string) []byte {
	content, err := from.ReadFile(name)
	if err != nil {
		panic(err)
	}
	return content
}

func newFile(contentType string, plain, zipped []byte) *file {
	sum := sha256.Sum256(append(plain[:len(plain):len(plain)], zipped...))
	return &file{contentType, plain, zipped, base64.RawURLEncoding.EncodeToString(sum[:12])}
}

// serve answers with the file. A browser keeps it, and asks each time whether it
// is still the same: after an update of the program it never mixes versions.
func (f *file) serve(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Content-Type", f.contentType)
	h.Set("Content-Security-Policy", policy)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cache-Control", "no-cache")
	content, etag := f.plain, f.etag
	if f.zipped != nil {
		h.Set("Vary", "Accept-Encoding")
		if content = f.zipped; acceptsGzip(r) {
			h.Set("Content-Encoding", "gzip")
			etag += "-gzip"
		} else {
			content = unzip(f.zipped)
		}
	}
	h.Set("ETag", `"`+etag+`"`)
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(content))
}

// acceptsGzip reports whether the client reads gzip: all browsers do.
func acceptsGzip(r *http.Request) bool {
	for _, list := range r.Header.Values("Accept-Encoding") {
		for coding := range strings.SplitSeq(list, ",") {
			name, weight, _ := strings.Cut(strings.ReplaceAll(coding, " ", ""), ";")
			if strings.EqualFold(name, "gzip") {
				return weight == "" || strings.Trim(weight, "q=0.") != "" // q=0: not at all
			}
		}
	}
	return false
}

// unzip returns the content of an embedded file that is compressed.
func unzip(zipped []byte) []byte {
	r, err := gzip.NewReader(bytes.NewReader(zipped))
	if err != nil {
		panic(err)
	}
	plain, err := io.ReadAll(r)
	if err != nil {
		panic(err)
	}
	return plain
}
