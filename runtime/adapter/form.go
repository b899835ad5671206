package adapter

import (
	"bytes"
	"cmp"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"slices"
	"strings"
)

// formMemory is how much of a multipart form is kept in memory; what is more
// goes into files until the response is written.
const formMemory = 1 << 20

// A form is the form in a body, read once for all that ask for values of it.
type form struct {
	read       bool
	parameters parameters      // of one that is urlencoded
	multipart  *multipart.Form // nil: it is urlencoded
}

// File returns the first file of the form field called name. If there is none it
// notes an error. The content of the file is gone when the response is written.
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

// Files returns all files of the form field called name in their order, or nil
// if there is none.
func (x *Exchange) Files(name string) []*multipart.FileHeader {
	if !x.readForm() || x.form.multipart == nil {
		return nil
	}
	return x.form.multipart.File[name]
}

// lastFormValue returns the last value of a field.
func (x *Exchange) lastFormValue(name string) (last string, ok bool) {
	if !x.readForm() {
		return "", false
	}
	if x.form.multipart == nil {
		last, ok = x.form.parameters.last(name)
		return strings.Clone(last), ok // so that it does not pin the body
	}
	values := x.form.multipart.Value[name]
	if len(values) == 0 {
		return "", false
	}
	return values[len(values)-1], true
}

// formValues yields the values of a field, in order.
func (x *Exchange) formValues(name string) func(yield func(string) bool) {
	if !x.readForm() {
		return func(func(string) bool) {}
	}
	if x.form.multipart != nil {
		return slices.Values(x.form.multipart.Value[name])
	}
	return func(yield func(string) bool) {
		x.form.parameters.all(name)(func(text string) bool { return yield(strings.Clone(text)) })
	}
}

// countForm is how many values a field has.
func (x *Exchange) countForm(name string) int {
	switch {
	case !x.readForm():
		return 0
	case x.form.multipart != nil:
		return len(x.form.multipart.Value[name])
	}
	return x.form.parameters.count(name)
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
			x.form.parameters.parse(x, inForm, x.body.String())
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
	if err := x.parseMultipart(); err != nil {
		x.refuseBody(err)
		return
	}
	x.form.multipart = x.r.MultipartForm
}

// formText is how much text package mime/multipart takes beside the files.
const formText = 10 << 20

// parseMultipart parses a multipart form. The limit of the body is the one limit
// of text as well: where it is larger than what mime/multipart takes, text is
// read apart from the files.
func (x *Exchange) parseMultipart() error {
	if x.bodyLimit() <= formText {
		return x.r.ParseMultipartForm(formMemory)
	}
	reader, err := x.r.MultipartReader()
	if err != nil {
		return err
	}
	files, w := io.Pipe()
	again := multipart.NewWriter(w)
	texts := make(chan map[string][]string, 1)
	go func() {
		values, err := splitForm(reader, again)
		texts <- values
		w.CloseWithError(cmp.Or(err, io.EOF))
	}()
	form, err := multipart.NewReader(files, again.Boundary()).ReadForm(formMemory)
	files.Close() // where it was not read to its end
	values := <-texts
	if err != nil {
		return err
	}
	form.Value = values
	x.r.MultipartForm = form
	return nil
}

// splitForm reads a form. It returns the text, and passes on the files.
func splitForm(form *multipart.Reader, files *multipart.Writer) (values map[string][]string, err error) {
	values = map[string][]string{}
	for range maxParameters {
		part, err := form.NextPart()
		if err == io.EOF {
			return values, files.Close()
		}
		if err != nil {
			return values, err
		}
		if part.FileName() != "" {
			to, err := files.CreatePart(part.Header)
			if err == nil {
				_, err = io.Copy(to, part)
			}
			if err != nil {
				return values, err
			}
			continue
		}
		text, err := io.ReadAll(part) // under the limit of the body
		if err != nil {
			return values, err
		}
		values[part.FormName()] = append(values[part.FormName()], string(text))
	}
	return values, multipart.ErrMessageTooLarge
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
