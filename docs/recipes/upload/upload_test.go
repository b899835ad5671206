package upload

import (
	"bytes"
	"mime/multipart"
	"net/http"
	"os"
	"testing"

	"github.com/bggen/bggen/runtime"
	"github.com/bggen/bggen/runtime/bgtest"
)

func TestAddPhoto(t *testing.T) {
	dir := t.TempDir()
	var runner runtime.Runner
	mux := http.NewServeMux()
	Register(mux, &runner, &App{Dir: dir})
	client := bgtest.NewClient(t, &runner, mux)

	post := func(content string, want int) {
		t.Helper()
		var body bytes.Buffer
		form := multipart.NewWriter(&body)
		part, err := form.CreateFormFile("file", "../../etc/passwd")
		if err != nil {
			t.Fatal(err)
		}
		part.Write([]byte(content))
		form.WriteField("title", "a gopher")
		form.Close()
		client.Post("/photos", form.FormDataContentType(), &body).Want(want)
	}
	post("\x89PNG\r\n\x1a\n and so on", 201)
	post("<script>", 415)
	post("", 422)
	files, err := os.ReadDir(dir)
	if err != nil || len(files) != 1 {
		t.Errorf("%d files are stored, %v", len(files), err)
	}
}
