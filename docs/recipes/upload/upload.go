// Package upload takes a file from a form, and checks it in the background.
//
// What has come in is stored before the response. The task gets the name of the stored
// file, and not the upload itself, which is gone when the request has ended.
package upload

import (
	"context"
	"crypto/rand"
	"errors"
	"io"
	"log"
	"mime/multipart"
	"net/http"
	"os"
	"path/filepath"

	"github.com/bggen/bggen/runtime"
)

// App holds what lives as long as the program.
//
//bggen:app
type App struct {
	Dir string // where files are kept
}

// Photo is the form.
type Photo struct {
	Title string                `form:"title" maxlen:"200"`
	File  *multipart.FileHeader `form:"file"`
}

// Stored is the response.
type Stored struct {
	ID    string `json:"id"`
	Title string `json:"title"`
	Bytes int64  `json:"bytes"`
}

// AddPhoto stores a picture. A form of more than 10 MiB is answered with 413.
//
//bggen:route POST /photos status=201 maxbody=10MiB
func (a *App) AddPhoto(form Photo, bg *runtime.BackgroundTasks) (_ Stored, err error) {
	in, err := form.File.Open()
	if err != nil {
		return Stored{}, err
	}
	defer in.Close()
	head := make([]byte, 512)
	n, err := io.ReadFull(in, head)
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) {
		return Stored{}, &runtime.Problem{Status: http.StatusUnprocessableEntity, Detail: "the file is empty"}
	}
	// What the client says of the type, and the name of the file, are not to be trusted.
	switch http.DetectContentType(head[:n]) {
	case "image/png", "image/jpeg", "image/webp":
	default:
		return Stored{}, &runtime.Problem{Status: http.StatusUnsupportedMediaType, Detail: "PNG, JPEG or WebP"}
	}

	id := rand.Text()
	out, err := os.Create(filepath.Join(a.Dir, id))
	if err != nil {
		return Stored{}, err
	}
	defer func() { err = errors.Join(err, out.Close()) }()
	if _, err := out.Write(head[:n]); err != nil {
		return Stored{}, err
	}
	if _, err := io.Copy(out, in); err != nil {
		return Stored{}, err
	}
	EnqueueScan(bg, id)
	return Stored{ID: id, Title: form.Title, Bytes: form.File.Size}, nil
}

// Scan looks at a stored file after the response.
//
//bggen:task attempts=3
func Scan(ctx context.Context, a *App, id string) error {
	info, err := os.Stat(filepath.Join(a.Dir, filepath.Base(id)))
	if err != nil {
		return err
	}
	log.Printf("scanned %s, %d bytes", id, info.Size()) // call a virus scanner here
	return nil
}
