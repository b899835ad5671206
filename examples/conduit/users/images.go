package users

import (
	"bytes"
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"io"
	"mime/multipart"
	"net/http"
	"slices"
	"time"

	"github.com/bggen/bggen/examples/conduit/app"
	"github.com/bggen/bggen/examples/conduit/auth"
	"github.com/bggen/bggen/runtime"
)

// ImageForm is what a browser sends for a form with a file.
type ImageForm struct {
	Image *multipart.FileHeader `form:"image"` // GIF, JPEG, PNG or WebP
}

// Upload changes the picture of the user who is logged in.
//
//bggen:route PUT /user/image maxbody=2MiB
func Upload(ctx context.Context, form ImageForm, me auth.User, tx *sql.Tx) (Answer, error) {
	data, contentType, err := readImage(form.Image)
	if err != nil {
		return Answer{}, err
	}
	sum := sha256.Sum256(data)
	id := hex.EncodeToString(sum[:])
	if _, err := tx.ExecContext(ctx, `INSERT OR IGNORE INTO images VALUES (?, ?, ?)`, id, contentType, data); err != nil {
		return Answer{}, err
	}
	if _, err := tx.ExecContext(ctx, `UPDATE users SET image = ? WHERE id = ?`, "/api/images/"+id, me.ID); err != nil {
		return Answer{}, err
	}
	return find(ctx, tx, me.ID, me.Token)
}

// readImage reads an upload. It looks at the bytes: what the client says of the
// type may be wrong.
func readImage(upload *multipart.FileHeader) (data []byte, contentType string, err error) {
	file, err := upload.Open()
	if err != nil {
		return nil, "", err
	}
	defer file.Close()
	if data, err = io.ReadAll(file); err != nil {
		return nil, "", err
	}
	contentType = http.DetectContentType(data)
	if !slices.Contains([]string{"image/gif", "image/jpeg", "image/png", "image/webp"}, contentType) {
		return nil, "", &runtime.BindError{Status: http.StatusUnprocessableEntity, Errors: []runtime.FieldError{
			{In: "form", Name: "image", Code: "invalid", Message: "must be a GIF, JPEG, PNG or WebP"},
		}}
	}
	return data, contentType, nil
}

// Image shows a picture. One that has changed has another address.
//
//bggen:route GET /images/{id}
//bggen:without auth.RequireUser
//bggen:answers 404
func Image(ctx context.Context, db *sql.DB, id string) (http.Handler, error) {
	var contentType string
	var data []byte
	err := db.QueryRowContext(ctx, `SELECT type, data FROM images WHERE id = ?`, id).Scan(&contentType, &data)
	if err != nil {
		return nil, app.OrNotFound(err)
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", contentType)
		w.Header().Set("X-Content-Type-Options", "nosniff")
		w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
		http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(data))
	}), nil
}
