package adapter

import (
	"bytes"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	goruntime "runtime"
	"strings"
	"testing"
	"time"

	"github.com/bggen/bggen/runtime"
)

const mib = 1 << 20

// repeated is text as often as it fits into 1 MiB, but at most n times.
func repeated(text string, n int) string {
	return strings.TrimRight(strings.Repeat(text, min(n, mib/len(text))), "&; ")
}

// few are as many parameters as there may be, long enough for 1 MiB.
func few(format string) string {
	return repeated(fmt.Sprintf(format, strings.Repeat("v", mib/maxParameters-len(format))), maxParameters-1)
}

// ten asks for ten values of a source, as ten parameters of a handler do.
func ten(x *Exchange, of func(x *Exchange, name string) Source) {
	for i := range 9 {
		Optional[string](of(x, fmt.Sprint("field", i)))
	}
	Repeated[string](of(x, "t"))
}

// parts is a multipart form of n fields.
func parts(n int, format string) string {
	var b bytes.Buffer
	for i := range n {
		fmt.Fprintf(&b, "--b\r\nContent-Disposition: form-data; name=\"t\""+format+"\r\n\r\n", i)
	}
	return b.String() + "--b--\r\n"
}

// costs are requests that cost most, 1 MiB of each, beside what net/http and net/url do
// with the same.
var costs = []struct {
	name    string
	request func() *http.Request
	by      func(*http.Request) error
	bind    func(*Exchange)
}{
	{"query: short parameters", query(repeated("t=1&", maxParameters-1)), parseQuery, queries},
	{"query: too many parameters", query(repeated("t=1&", mib)), parseQuery, queries},
	{"query: nothing but separators", query(repeated("a", 1) + strings.Repeat("&", mib)), parseQuery, queries},
	{"query: long values", query(few("t=%s&")), parseQuery, queries},
	{"query: escaped names", query(few("%%74%%74%s=1&")), parseQuery, queries},
	{"query: escaped values", query(few("t=%%74%%74+%s&")), parseQuery, queries},
	{"query: broken escapes", query(repeated("t=%&", maxParameters-1)), parseQuery, queries},
	{"form: short fields", form10(repeated("t=1&", maxParameters-1)), parseForm, forms},
	{"form: too many fields", form10(repeated("t=1&", mib)), parseForm, forms},
	{"form: long values", form10(few("t=%s&")), parseForm, forms},
	{"form: escaped names", form10(few("%%74%%74%s=1&")), parseForm, forms},
	{"multipart: many fields", multipart10(parts(900, "%.0d")), parseMultipart, forms},
	{"multipart: many headers", multipart10(parts(400, strings.Repeat("\r\nX-%[1]d: v", 20))), parseMultipart, forms},
	{"multipart: files", multipart10(parts(900, "; filename=\"%d\"")), parseMultipart, forms},
	{"header: one, many times", headers("T", mib/8), readHeaders, func(x *Exchange) { ten(x, (*Exchange).Header) }},
	{"header: long", func() *http.Request {
		r := httptest.NewRequest("GET", "/", nil)
		r.Header.Set("T", strings.Repeat("v", mib))
		return r
	}, readHeaders, func(x *Exchange) { ten(x, (*Exchange).Header) }},
	{"cookie: many", cookies(repeated("a=1; ", mib)), readCookies, cookiesTen},
	{"cookie: all of one name", cookies(repeated("field1=1; ", mib)), readCookies, cookiesTen},
	{"cookie: long", cookies(repeated("a="+strings.Repeat("v", 340)+"; ", 2999)), readCookies, cookiesTen},
	{"cookie: nothing but separators", cookies("a=1" + strings.Repeat(";", mib)), readCookies, cookiesTen},
}

func queries(x *Exchange) { ten(x, (*Exchange).Query) }
func forms(x *Exchange)   { ten(x, (*Exchange).Form) }

func cookiesTen(x *Exchange) {
	for i := range 10 {
		Optional[string](x.Cookie(fmt.Sprint("field", i)))
	}
}

func query(raw string) func() *http.Request {
	return func() *http.Request {
		r := httptest.NewRequest("GET", "/", nil)
		r.URL.RawQuery = raw
		return r
	}
}

func body(contentType, text string) func() *http.Request {
	return func() *http.Request {
		r := httptest.NewRequest("POST", "/", strings.NewReader(text))
		r.Header.Set("Content-Type", contentType)
		return r
	}
}

func form10(text string) func() *http.Request { return body("application/x-www-form-urlencoded", text) }

func multipart10(text string) func() *http.Request {
	return body("multipart/form-data; boundary=b", text)
}

func headers(name string, n int) func() *http.Request {
	return func() *http.Request {
		r := httptest.NewRequest("GET", "/", nil)
		r.Header[name] = make([]string, n)
		return r
	}
}

func cookies(text string) func() *http.Request {
	return func() *http.Request {
		r := httptest.NewRequest("GET", "/", nil)
		r.Header.Set("Cookie", text)
		return r
	}
}

func parseQuery(r *http.Request) error {
	_, err := url.ParseQuery(r.URL.RawQuery)
	return err
}

func parseForm(r *http.Request) error { return r.ParseForm() }

func parseMultipart(r *http.Request) error { return r.ParseMultipartForm(formMemory) }

func readHeaders(r *http.Request) error {
	r.Header.Clone()
	return nil
}

func readCookies(r *http.Request) error {
	r.Cookies()
	return nil
}

// TestCost prints what it costs to read ten values of the worst requests, beside what
// net/http and net/url do with the same. None allocates more than ten times the limit of a body, 1 MiB.
func TestCost(t *testing.T) {
	t.Logf("%-34s %9s %22s %22s %7s", "", "", "net/http or net/url", "bggen", "ratio")
	for _, c := range costs {
		size := 0
		plain, plainMiB := cost(c.request, func(r *http.Request) { c.by(r) })
		bound, boundMiB := cost(c.request, func(r *http.Request) {
			size = max(len(r.URL.RawQuery), int(r.ContentLength), len(r.Header.Get("T")), 8*len(r.Header["T"]), len(r.Header.Get("Cookie")))
			New("test", new(runtime.Runner), nil, func(x *Exchange) error {
				c.bind(x)
				return x.Bound()
			}).ServeHTTP(httptest.NewRecorder(), r)
		})
		read := float64(size) / mib
		t.Logf("%-34s %5.2f MiB %8s %9.2f MiB %8s %9.2f MiB %6.2f", c.name, read, plain.Round(time.Microsecond), plainMiB, bound.Round(time.Microsecond), boundMiB, float64(bound)/float64(plain))
		if boundMiB > 10 {
			t.Errorf("%s: %.2f MiB are allocated", c.name, boundMiB)
		}
	}
}

// cost is the least time of five runs, and what one allocates.
func cost(request func() *http.Request, run func(*http.Request)) (least time.Duration, allocated float64) {
	for range 5 {
		r := request()
		var before, after goruntime.MemStats
		goruntime.ReadMemStats(&before)
		start := time.Now()
		run(r)
		if took := time.Since(start); least == 0 || took < least {
			least = took
		}
		goruntime.ReadMemStats(&after)
		allocated = float64(after.TotalAlloc-before.TotalAlloc) / mib
	}
	return least, allocated
}
