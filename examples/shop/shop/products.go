package shop

import (
	"bytes"
	"context"
	"database/sql"
	"database/sql/driver"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"strings"
	"time"

	"github.com/bggen/bggen/runtime"
)

// ProductID is the number of a product.
type ProductID int64

// Cents is a price.
type Cents int64

func (c Cents) String() string { return fmt.Sprintf("EUR %d.%02d", c/100, c%100) }

// Product is what can be bought.
type Product struct {
	ID    ProductID `json:"id"`
	Name  string    `json:"name"`
	Price Cents     `json:"price"`
	Stock int       `json:"stock"`
	Tags  Tags      `json:"tags"`
}

// Tags are stored as JSON.
type Tags []string

// Scan reads them from the database.
func (t *Tags) Scan(column any) error { return json.Unmarshal([]byte(column.(string)), t) }

// Value is how they are written.
func (t Tags) Value() (driver.Value, error) {
	text, err := json.Marshal(append(Tags{}, t...)) // [] for none
	return string(text), err
}

// ProductQuery says which products are wanted.
type ProductQuery struct {
	Page
	Search string   `query:"search" default:"" maxlen:"50"`
	Tags   []string `query:"tag" maxlen:"5"` // those that have all of them
	From   Cents    `query:"from" default:"0"`
	To     *Cents   `query:"to"` // nil: any price
	Sort   Sort     `query:"sort" default:"name" enum:"name|price|-price"`
}

// Validate says what tags cannot, since each knows one field.
func (q ProductQuery) Validate() error {
	if q.To != nil && q.From > *q.To {
		return runtime.FieldErrors{{Name: "from", Message: "must not be above to"}}
	}
	return nil
}

// Sort is the order of a list of products.
type Sort string

// orderBy has all orders that the tag of the parameter lets in.
var orderBy = map[Sort]string{"name": "name", "price": "price, name", "-price": "price DESC, name"}

// ListProducts is open to all.
//
//bggen:route GET /products
func ListProducts(ctx context.Context, db *sql.DB, q ProductQuery) ([]Product, error) {
	rows, err := db.QueryContext(ctx, `
		SELECT id, name, price, stock, tags FROM products
		WHERE instr(lower(name), lower(?)) > 0 AND price BETWEEN ? AND ifnull(?, price)
		AND NOT EXISTS (SELECT value FROM json_each(?) EXCEPT SELECT value FROM json_each(tags))
		ORDER BY `+orderBy[q.Sort]+` LIMIT ? OFFSET ?`,
		q.Search, q.From, q.To, Tags(q.Tags), q.Limit, q.offset())
	return collect(rows, err, func(p *Product) []any { return []any{&p.ID, &p.Name, &p.Price, &p.Stock, &p.Tags} })
}

// GetProduct is open to all.
//
//bggen:route GET /products/{id}
func GetProduct(ctx context.Context, db *sql.DB, id ProductID) (Product, error) {
	p := Product{ID: id}
	err := db.QueryRowContext(ctx, `SELECT name, price, stock, tags FROM products WHERE id = ?`, id).
		Scan(&p.Name, &p.Price, &p.Stock, &p.Tags)
	return p, orNotFound(err)
}

// GetPicture answers with a handler that knows about types and ranges.
//
//bggen:route GET /products/{id}/picture
func GetPicture(ctx context.Context, db *sql.DB, id ProductID) (http.HandlerFunc, error) {
	var picture []byte
	if err := db.QueryRowContext(ctx, `SELECT picture FROM products WHERE id = ?`, id).Scan(&picture); err != nil {
		return nil, orNotFound(err)
	}
	return func(w http.ResponseWriter, r *http.Request) {
		http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(picture))
	}, nil
}

// ProductForm is a new product, with its picture.
type ProductForm struct {
	Name    string                `form:"name" minlen:"1" maxlen:"50"`
	Price   Cents                 `form:"price" min:"1" max:"1000000"`
	Stock   int                   `form:"stock" default:"0" min:"0"`
	Tags    []string              `form:"tag" maxlen:"5"`
	Picture *multipart.FileHeader `form:"picture"`
}

// AddProduct takes what a browser sends for a form.
//
//bggen:route POST /products status=201 maxbody=5MiB
//bggen:depends AdminOnly
func AddProduct(ctx context.Context, form ProductForm, s *Session) (runtime.Response[Product], error) {
	picture, err := readPicture(form.Picture)
	if err != nil {
		return runtime.Response[Product]{}, err
	}
	p := Product{Name: form.Name, Price: form.Price, Stock: form.Stock, Tags: form.Tags}
	err = s.QueryRowContext(ctx, `
		INSERT INTO products (name, price, stock, tags, picture) VALUES (?, ?, ?, ?, ?)
		ON CONFLICT (name) DO NOTHING RETURNING id, tags`,
		p.Name, p.Price, p.Stock, p.Tags, picture).Scan(&p.ID, &p.Tags)
	if errors.Is(err, sql.ErrNoRows) {
		err = &runtime.Problem{Status: http.StatusConflict, Detail: "there is a product of that name"}
	}
	location := http.Header{"Location": {fmt.Sprintf("/products/%d", p.ID)}}
	return runtime.Response[Product]{Header: location, Body: p}, err
}

// readPicture reads an upload. What the client says it is means nothing.
func readPicture(upload *multipart.FileHeader) ([]byte, error) {
	file, err := upload.Open()
	if err != nil {
		return nil, err
	}
	defer file.Close()
	picture, err := io.ReadAll(file)
	if err == nil && !strings.HasPrefix(http.DetectContentType(picture), "image/") {
		err = &runtime.BindError{Status: http.StatusUnprocessableEntity, Errors: []runtime.FieldError{
			{In: "form", Name: "picture", Code: "type", Message: "must be a picture"},
		}}
	}
	return picture, err
}
