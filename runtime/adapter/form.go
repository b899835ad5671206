package adapter

import (
	"bytes"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"strings"
)

// formMemory is how much of a multipart form is kept in memory; what is more
// goes into files until the response is written.
const formMemory = 1 << 20

// A form is the form in a body, read once for all that ask for values of it.
type form struct {
	read       bool
	urlencoded string          // as it came
	multipart  *multipart.Form // nil: it is urlencoded
}

// File returns the first file of the form field name, which is required. Its
// content is gone when the response is written.
func (x *Exchange) File(name string) *multipart.FileHeader {
	files := x.Files(name)
	if len(files) > 0 {
		return files[0]
	}
	if x.bodyState != bodyRefused {
		x.reject("form", name, "missing", "is required")
	}
	return nil
}

// Files returns all files of the form field name, in order; nil if there is none.
func (x *Exchange) Files(name string) []*multipart.FileHeader {
	if !x.readForm() || x.form.multipart == nil {
		return nil
	}
	return x.form.multipart.File[name]
}

// formValues returns the values of a field, in order.
func (x *Exchange) formValues(name string) (values []string) {
	if !x.readForm() {
		return nil
	}
	if x.form.multipart != nil {
		return x.form.multipart.Value[name]
	}
	for text := range queryValues(x.form.urlencoded, name) {
		values = append(values, strings.Clone(text)) // so that it does not pin the body
	}
	return values
}

// readForm reads the form, once.
func (x *Exchange) readForm() bool {
	if x.form.read || x.bodyState == bodyRefused {
		return x.bodyState != bodyRefused
	}
	x.form.read = true
	contentType := x.r.Header.Get("Content-Type")
	media, _, _ := mime.ParseMediaType(contentType)
	switch {
	case media == "application/x-www-form-urlencoded":
		if x.readBody() {
			x.form.urlencoded = x.body.String()
		}
	case media == "multipart/form-data":
		x.readMultipart()
	case contentType == "" && x.r.ContentLength == 0: // no body, no fields
	default:
		x.rejectBody(http.StatusUnsupportedMediaType, "content_type",
			"must be sent with the header Content-Type: multipart/form-data or application/x-www-form-urlencoded")
	}
	return x.bodyState != bodyRefused
}

func (x *Exchange) readMultipart() {
	if x.bodyState != bodyUnread { // somebody has asked for it as it came
		x.r.Body = io.NopCloser(bytes.NewReader(x.body.Bytes()))
	} else {
		x.r.Body = http.MaxBytesReader(x.w, x.r.Body, x.bodyLimit())
	}
	if err := x.r.ParseMultipartForm(formMemory); err != nil {
		x.refuseBody(err)
		return
	}
	x.form.multipart = x.r.MultipartForm
}

// endForm removes the files of a multipart form.
func (x *Exchange) endForm() {
	if x.form.multipart == nil {
		return
	}
	if err := x.form.multipart.RemoveAll(); err != nil {
		x.log("the files of a form could not be removed", err)
	}
}
