package browsertest

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/bggen/bggen/runtime/apidocs"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	cdp "github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

var pictures = flag.String("screenshots", "", "directory to write screenshots to")

const document = `{
  "openapi": "3.1.0",
  "info": {"title": "The shop", "version": "1.4.0", "description": "A small shop."},
  "tags": [{"name": "orders", "description": "What was bought."}],
  "paths": {
    "/orders/{id}": {
      "post": {
        "operationId": "placeOrder", "tags": ["orders"], "summary": "Places an order of some length, as summaries have.",
        "security": [{"bearer": []}],
        "parameters": [
          {"name": "id", "in": "path", "required": true, "schema": {"type": "integer", "format": "int64", "minimum": 1}, "description": "The order."},
          {"name": "note", "in": "query", "schema": {"type": "string"}, "description": "A note to the shop, which somebody reads."}
        ],
        "requestBody": {"required": true, "content": {"application/json": {"schema": {"$ref": "#/components/schemas/NewOrder"}}}},
        "responses": {"201": {"description": "Created", "content": {"application/json": {"schema": {"$ref": "#/components/schemas/NewOrder"}}}}}
      }
    }
  },
  "components": {
    "schemas": {"NewOrder": {"type": "object", "required": ["item"], "properties": {"item": {"type": "string", "examples": ["cup"]}, "count": {"type": "integer", "format": "int64"}}}},
    "securitySchemes": {"bearer": {"type": "http", "scheme": "bearer"}}
  }
}`

const documentYAML = `openapi: 3.1.0
info: {title: The shop in YAML, version: 1.4.0}
paths:
  /items:
    get: {operationId: listItems, summary: Lists items., responses: {"200": {description: OK}}}
`

// A site is the page beside an API that it can try, and what was asked of both.
type site struct {
	URL string

	mu   sync.Mutex
	seen []string // requests to the API
}

func serve(t *testing.T, spec string) *site {
	t.Helper()
	s := &site{}
	mux := http.NewServeMux()
	mux.Handle("/docs/", apidocs.Handler("/docs/", []byte(spec)))
	mux.HandleFunc("POST /orders/{id}", func(w http.ResponseWriter, r *http.Request) {
		var body json.RawMessage
		if err := json.NewDecoder(r.Body).Decode(&body); err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		s.mu.Lock()
		s.seen = append(s.seen, fmt.Sprintf("%s note=%s auth=%s", r.PathValue("id"), r.FormValue("note"), r.Header.Get("Authorization")))
		s.mu.Unlock()
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(http.StatusCreated)
		fmt.Fprint(w, `{"item": "answered by the shop"}`)
	})
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	s.URL = server.URL
	return s
}

func (s *site) requests() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return strings.Join(s.seen, "\n")
}

// A tab is one of a browser that shows a page.
type tab struct {
	t   *testing.T
	ctx context.Context
}

// browse opens a page in headless Chromium. The test fails if the browser
// complains, of a breach of the policy for one, or asks another server.
func browse(t *testing.T, s *site, width, height int64, mobile bool) *tab {
	t.Helper()
	allocator, end := chromedp.NewExecAllocator(context.Background(), browserOptions(t)...)
	t.Cleanup(end)
	ctx, closeTab := chromedp.NewContext(allocator, chromedp.WithErrorf(t.Logf)) // of events that it does not know
	t.Cleanup(closeTab)
	t.Cleanup(func() { chromedp.Cancel(ctx) })
	ctx, cancel := context.WithTimeout(ctx, 2*time.Minute)
	t.Cleanup(cancel)
	chromedp.ListenTarget(ctx, func(event any) {
		switch e := event.(type) {
		case *cdp.EventExceptionThrown:
			t.Errorf("the script failed: %s", e.ExceptionDetails.Error())
		case *log.EventEntryAdded:
			t.Errorf("the browser complains: %s %s", e.Entry.Text, e.Entry.URL)
		case *network.EventRequestWillBeSent:
			if url := e.Request.URL; !strings.HasPrefix(url, s.URL+"/") && !strings.HasPrefix(url, "data:") {
				t.Errorf("the page asks for %s", url)
			}
		}
	})
	b := &tab{t, ctx}
	b.run(log.Enable(), network.Enable(), emulation.SetDeviceMetricsOverride(width, height, 1, mobile), chromedp.Navigate(s.URL+"/docs/"))
	return b
}

func browserOptions(t *testing.T) []chromedp.ExecAllocatorOption {
	t.Helper()
	path := ""
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome", "headless-shell"} {
		if found, err := exec.LookPath(name); err == nil && path == "" {
			path = found
		}
	}
	if path == "" {
		if os.Getenv("BGGEN_REQUIRE_SERVICES") == "1" {
			t.Fatal("there is no chromium: apt-get install chromium")
		}
		t.Skip("there is no chromium: apt-get install chromium")
	}
	profile, err := os.MkdirTemp("", "apidocs")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		for range 50 { // helpers of the browser may still write to it
			if os.RemoveAll(profile) == nil {
				return
			}
			time.Sleep(20 * time.Millisecond)
		}
	})
	opts := []chromedp.ExecAllocatorOption{
		chromedp.ExecPath(path), chromedp.UserDataDir(profile), chromedp.Headless, chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.NoFirstRun, chromedp.NoDefaultBrowserCheck, chromedp.WSURLReadTimeout(time.Minute),
	}
	for _, off := range []string{"disable-quic", "disable-background-networking", "disable-component-update", "disable-sync", "disable-dev-shm-usage", "hide-scrollbars"} {
		opts = append(opts, chromedp.Flag(off, true))
	}
	return opts
}

func (b *tab) run(actions ...chromedp.Action) {
	b.t.Helper()
	if err := chromedp.Run(b.ctx, actions...); err != nil {
		b.t.Fatal(err)
	}
}

// wait waits until a script's value is true.
func (b *tab) wait(script string) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, 30*time.Second)
	defer cancel()
	if err := chromedp.Run(ctx, chromedp.Poll(script, nil)); err != nil {
		b.t.Fatalf("%v: %s\n%s", err, script, b.text("document.body.innerText"))
	}
}

// shows waits until an element has a text.
func (b *tab) shows(selector, text string) {
	b.t.Helper()
	b.wait("[...document.querySelectorAll(`" + selector + "`)].some(e => e.innerText.includes(`" + text + "`))")
}

func (b *tab) text(script string) (text string) {
	b.t.Helper()
	b.run(chromedp.Evaluate("String("+script+")", &text))
	return text
}

func (b *tab) click(selector string) {
	b.t.Helper()
	b.run(chromedp.Click(selector, chromedp.ByQuery, chromedp.NodeVisible))
}

// picture writes a screenshot of the whole page where they are asked for.
func (b *tab) picture(name string) {
	b.t.Helper()
	b.write(name, func(content *[]byte) chromedp.Action { return chromedp.FullScreenshot(content, 100) })
}

func (b *tab) write(name string, shoot func(*[]byte) chromedp.Action) {
	b.t.Helper()
	if wide := b.text("document.documentElement.scrollWidth > innerWidth"); wide == "true" {
		b.t.Errorf("%s has to be scrolled to the side", name)
	}
	if *pictures == "" {
		return
	}
	var content []byte
	b.run(shoot(&content))
	if err := os.WriteFile(filepath.Join(*pictures, name+".png"), content, 0o644); err != nil {
		b.t.Fatal(err)
	}
}

func TestPageTriesAnOperation(t *testing.T) {
	for _, size := range []struct {
		name          string
		width, height int64
		mobile        bool
	}{{"desktop", 1280, 1000, false}, {"phone", 390, 844, true}} {
		t.Run(size.name, func(t *testing.T) {
			s := serve(t, document)
			b := browse(t, s, size.width, size.height, size.mobile)
			b.shows(".info .title", "The shop")
			b.wait("document.title === 'The shop'")
			b.picture(size.name)

			b.click(".auth-wrapper .authorize")
			b.run(chromedp.SendKeys(".auth-container input", "secret", chromedp.ByQuery))
			b.picture(size.name + "-authorize")
			b.click(".auth-btn-wrapper .authorize")
			b.click(".auth-btn-wrapper .btn-done")

			b.click(".opblock-summary-control")
			b.shows(".parameters", "A note to the shop")
			b.run(
				chromedp.SendKeys("tr[data-param-name=id] input", "7", chromedp.ByQuery),
				chromedp.SendKeys("tr[data-param-name=note] input", "hello", chromedp.ByQuery),
			)
			b.click(".btn.execute")
			b.shows(".responses-wrapper", "answered by the shop")
			if got, want := s.requests(), "7 note=hello auth=Bearer secret"; got != want {
				t.Errorf("the shop was asked %q, not %q", got, want)
			}
			b.picture(size.name + "-tried")

			b.run(chromedp.Reload())
			b.wait("document.querySelector('.auth-wrapper .authorize.locked') !== null") // it is kept
		})
	}
}

func TestPageShowsYAML(t *testing.T) {
	b := browse(t, serve(t, documentYAML), 1280, 1000, false)
	b.shows(".info .title", "The shop in YAML")
	b.shows(".opblock-summary", "Lists items.")
}

// TestPageOfConduit makes the picture of the README:
//
//	go test -run Conduit . -args -screenshots ../../../docs
func TestPageOfConduit(t *testing.T) {
	conduit, err := os.ReadFile("../../../examples/conduit/openapi.json")
	if err != nil {
		t.Fatal(err)
	}
	b := browse(t, serve(t, string(conduit)), 1160, 1060, false)
	b.shows(".info .title", "Conduit")
	b.shows(".opblock-summary", "Publishes an article")
	b.write("apidocs", func(content *[]byte) chromedp.Action { return chromedp.CaptureScreenshot(content) })
}
