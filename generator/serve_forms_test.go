package generator_test

import (
	"bytes"
	"fmt"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/bggen/bggen/testdata/ok/forms"
)

// A part is a field of a multipart form, or a file if it has a file's name.
type part struct{ name, file, text string }

func postMultipart(t *testing.T, h http.Handler, target string, parts ...part) string {
	t.Helper()
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	for _, p := range parts {
		if p.file == "" {
			w.WriteField(p.name, p.text)
			continue
		}
		f, err := w.CreateFormFile(p.name, p.file)
		if err != nil {
			t.Fatal(err)
		}
		f.Write([]byte(p.text))
	}
	w.Close()
	return post(h, target, w.FormDataContentType(), body.String())
}

func post(h http.Handler, target, contentType, body string) string {
	r := httptest.NewRequest("POST", target, strings.NewReader(body))
	r.Header.Set("Content-Type", contentType)
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return fmt.Sprint(w.Code, " ", w.Body)
}

func TestForms(t *testing.T) {
	mux := http.NewServeMux()
	forms.Register(mux, newRunner())
	const urlencoded = "application/x-www-form-urlencoded"
	file := part{"file", "a.txt", "content"}
	for _, c := range [][2]string{
		{postMultipart(t, mux, "/upload", part{name: "title", text: "t"}, part{name: "kind", text: "b"}, part{name: "tag", text: "x"}, part{name: "tag", text: "y"}, file, part{"more", "b", ""}),
			`200 ["t",null,"b",["x","y"],"en","a.txt","content",1]`},
		{postMultipart(t, mux, "/upload", part{name: "title", text: ""}, part{name: "pages", text: "0"}, part{name: "kind", text: "c"}, part{"more", "1", ""}, part{"more", "2", ""}, part{"more", "3", ""}),
			"422 " + problem(422, `{"in":"form","name":"title","code":"minlen","message":"must have at least 1 character"},`+
				`{"in":"form","name":"pages","code":"min","message":"must be at least 1"},`+
				`{"in":"form","name":"kind","code":"enum","message":"must be one of a, b"},`+
				`{"in":"form","name":"file","code":"missing","message":"is required"},`+
				`{"in":"form","name":"more","code":"maxlen","message":"must have at most 2 items"}`)},
		{postMultipart(t, mux, "/upload", part{"file", "big", strings.Repeat("x", 64<<10)}), "413 " + problem(413, `{"in":"body","code":"size","message":"is larger than 65536 bytes"}`)},
		{post(mux, "/upload", "multipart/form-data; boundary=x", "--x\r\nnonsense"), "400 " + problem(400, `{"in":"body","code":"read","message":"could not be read to its end"}`)},
		{post(mux, "/login", urlencoded, url.Values{"user": {"a", "ü b"}, "remember": {"on"}}.Encode()), `200 ["ü b",true]`},
		{post(mux, "/login", urlencoded, ""), "422 " + problem(422, `{"in":"form","name":"user","code":"missing","message":"is required"}`)},
		{post(mux, "/login", "application/json", "{}"), "415 " + problem(415, `{"in":"body","code":"content_type","message":"must be sent with the header Content-Type: multipart/form-data or application/x-www-form-urlencoded"}`)},
		{postMultipart(t, mux, "/signed", part{name: "user", text: "ann"}), "200 ann"},
		{post(mux, "/signed", urlencoded, "user=ann"), "200 ann"},
	} {
		if c[0] != c[1] {
			t.Errorf("got  %s\nwant %s", c[0], c[1])
		}
	}
}
