package adapter

import (
	"bytes"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/bggen/bggen/runtime"
)

// formHandler answers with the sizes of a text and of a file.
func formHandler(limit int64) http.Handler {
	return New("test", new(runtime.Runner), nil, func(x *Exchange) error {
		x.LimitBody(limit)
		text := Required[string](x.Form("text"))
		files := x.Files("file")
		if err := x.Bound(); err != nil {
			return err
		}
		size := 0
		for _, file := range files {
			f, err := file.Open()
			if err != nil {
				return err
			}
			content, err := io.ReadAll(f)
			f.Close()
			if err != nil {
				return err
			}
			size += len(content)
		}
		return Text(x, http.StatusOK, fmt.Sprint(len(text), " ", size))
	})
}

func multipartBody(text, file int) (body *bytes.Buffer, contentType string) {
	body = new(bytes.Buffer)
	w := multipart.NewWriter(body)
	w.WriteField("text", strings.Repeat("t", text))
	f, _ := w.CreateFormFile("file", "a.bin")
	f.Write(make([]byte, file))
	w.Close()
	return body, w.FormDataContentType()
}

// The limit of the body is the one limit, of text and of files.
func TestMultipartLimits(t *testing.T) {
	for _, c := range []struct {
		limit      int64
		text, file int
		status     int
		answer     string
	}{
		{1 << 20, 10, 1000, 200, "10 1000"},
		{40 << 20, 12 << 20, 3 << 20, 200, fmt.Sprint(12<<20, " ", 3<<20)},
		{40 << 20, 10, 0, 200, "10 0"},
		{1 << 20, 2 << 20, 10, 413, `"code":"size"`},
		{1 << 20, 10, 2 << 20, 413, `"code":"size"`},
		{12 << 20, 13 << 20, 10, 413, `"code":"size"`},
		{12 << 20, 10, 13 << 20, 413, `"code":"size"`},
	} {
		body, contentType := multipartBody(c.text, c.file)
		r := httptest.NewRequest("POST", "/", body)
		r.Header.Set("Content-Type", contentType)
		w := httptest.NewRecorder()
		formHandler(c.limit).ServeHTTP(w, r)
		if w.Code != c.status || !strings.Contains(w.Body.String(), c.answer) {
			t.Errorf("limit %d, text %d, file %d: %d %s", c.limit, c.text, c.file, w.Code, w.Body)
		}
	}
}

func TestFormMistakes(t *testing.T) {
	for _, c := range []struct {
		contentType, body string
		status            int
		answer            string
	}{
		{"multipart/form-data", "x", 400, "boundary"},
		{"multipart/form-data; boundary=b", "--b\r\nContent-Disposition: form-data; name=\"text\"\r\n\r\nabc", 400, `"code":"read"`},
		{"application/x-www-form-urlencoded", "text=%zz", 422, `{"in":"form","name":"text","code":"syntax"`},
		{"application/x-www-form-urlencoded", strings.Repeat("t=1&", maxParameters), 422, `"code":"too_many"`},
		{"text/plain", "text=a", 415, "content_type"},
		{"application/x-www-form-urlencoded", "text=a+b&text=c", 200, "1 0"},
	} {
		for _, limit := range []int64{1 << 20, 20 << 20} {
			r := httptest.NewRequest("POST", "/", strings.NewReader(c.body))
			r.Header.Set("Content-Type", c.contentType)
			w := httptest.NewRecorder()
			formHandler(limit).ServeHTTP(w, r)
			if w.Code != c.status || !strings.Contains(w.Body.String(), c.answer) {
				t.Errorf("%s %.40q under %d: %d %s", c.contentType, c.body, limit, w.Code, w.Body)
			}
		}
	}
}
