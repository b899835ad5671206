// Package forms takes forms and uploads.
package forms

import (
	"io"
	"mime/multipart"
)

// Upload is a form.
type Upload struct {
	Title string                  `form:"title" minlen:"1"`
	Pages *int                    `form:"pages" min:"1"`
	Kind  Kind                    `form:"kind" enum:"a|b"`
	Tags  []string                `form:"tag"`
	Lang  string                  `form:"lang" default:"en"`
	File  *multipart.FileHeader   `form:"file"`
	More  []*multipart.FileHeader `form:"more" maxlen:"2"`
}

// Kind is a defined type.
type Kind string

// Store takes one.
//
//bggen:route POST /upload maxbody=64KiB
func Store(u Upload) (any, error) {
	f, err := u.File.Open()
	if err != nil {
		return nil, err
	}
	defer f.Close()
	text, err := io.ReadAll(f)
	return []any{u.Title, u.Pages, u.Kind, u.Tags, u.Lang, u.File.Filename, string(text), len(u.More)}, err
}

// Login takes single fields.
//
//bggen:route POST /login
//bggen:param user form
//bggen:param remember form default=false
func Login(user string, remember bool) any { return []any{user, remember} }

// Signed has a guard that reads the body first.
//
//bggen:route POST /signed
//bggen:depends Check
//bggen:param user form
func Signed(user string) string { return user }

// Check reads the body as it came.
func Check(body []byte) error { return nil }
