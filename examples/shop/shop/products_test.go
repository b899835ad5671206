package shop_test

import (
	"mime/multipart"
	"strings"
	"testing"

	"github.com/bggen/bggen/examples/shop/shop"
)

func TestListProducts(t *testing.T) {
	s := newShop(t, 1000)
	for query, want := range map[string]string{
		"":                            "Bottle Cup Lamp Teapot",
		"?sort=price&limit=3":         "Cup Bottle Teapot",
		"?sort=price&limit=3&page=2":  "Lamp",
		"?sort=-price":                "Lamp Teapot Bottle Cup",
		"?from=1000&to=4200":          "Bottle Teapot",
		"?search=P":                   "Cup Lamp Teapot",
		"?tag=kitchen":                "Bottle Cup Teapot",
		"?tag=kitchen&tag=blue":       "Cup",
		"?tag=kitchen&tag=light":      "",
		"?search=%25&tag=&limit=1":    "",
		"?search=cup&page=&limit=100": "Cup",
	} {
		var products []shop.Product
		s.get("/products"+query, "").decode(200, &products)
		var names []string
		for _, p := range products {
			names = append(names, p.Name)
		}
		if got := strings.Join(names, " "); got != want {
			t.Errorf("%s: got %s, want %s", query, got, want)
		}
	}
}

// All that is wrong is in one answer.
func TestListProductsRefused(t *testing.T) {
	s := newShop(t, 1000)
	s.get("/products?page=0&limit=many&sort=size&tag=1&tag=2&tag=3&tag=4&tag=5&tag=6", "").
		refused(422, "query page min", "query limit type", "query tag maxlen", "query sort enum")
	s.get("/products?from=2&to=1", "").refused(422, "query from invalid")
}

func TestGetProduct(t *testing.T) {
	s := newShop(t, 1000)
	s.get("/products/1", "").is(200, `{"id":1,"name":"Cup","price":950,"stock":12,"tags":["kitchen","blue"]}`)
	s.get("/products/99", "").refused(404)
	s.get("/products/cup", "").refused(422, "path id type")
	s.get("/products/99/picture", "").refused(404)
}

// upload sends a form with a picture.
func (s *testShop) upload(token, picture string, fields ...[2]string) answer {
	s.Helper()
	var body strings.Builder
	form := multipart.NewWriter(&body)
	for _, field := range fields {
		if err := form.WriteField(field[0], field[1]); err != nil {
			s.Fatal(err)
		}
	}
	file, err := form.CreateFormFile("picture", "../../kettle.exe")
	if err != nil {
		s.Fatal(err)
	}
	file.Write([]byte(picture))
	form.Close()
	return s.send("POST", "/products", token, form.FormDataContentType(), body.String())
}

const gif = "GIF89a" // enough of one to be a picture

var kettle = [][2]string{{"name", "Kettle"}, {"price", "3900"}, {"tag", "kitchen"}, {"tag", "new"}}

func TestAddProduct(t *testing.T) {
	s := newShop(t, 1000)
	const product = `{"id":5,"name":"Kettle","price":3900,"stock":0,"tags":["kitchen","new"]}`
	s.upload("ann", gif, kettle...).refused(403)
	answer := s.upload("root", gif, kettle...)
	answer.is(201, product)
	location := answer.header.Get("Location")
	s.get(location, "").is(200, product)

	download := s.get(location+"/picture", "")
	download.is(200, gif)
	if got := download.header.Get("Content-Type"); got != "image/gif" {
		t.Errorf("Content-Type: %s", got)
	}

	s.idle() // the audit log is written
	var audit []shop.AuditLine
	s.get("/audit", "root").decode(200, &audit)
	if len(audit) != 1 || audit[0].User != "root" || audit[0].What != "POST /products" || audit[0].At.IsZero() {
		t.Errorf("the audit log is %v", audit)
	}
}

func TestAddProductRefused(t *testing.T) {
	s := newShop(t, 1000)
	s.upload("root", gif, [2]string{"price", "free"}, [2]string{"stock", "-1"}).
		refused(422, "form name missing", "form price type", "form stock min")
	s.upload("root", "#!/bin/sh", [2]string{"name", "Script"}, [2]string{"price", "1"}).
		refused(422, "form picture type")
	s.upload("root", gif, [2]string{"name", "Cup"}, [2]string{"price", "1"}).refused(409)
	s.upload("root", strings.Repeat(gif, 5<<20/len(gif))).refused(413, "body  size")
	s.send("POST", "/products", "root", "application/x-www-form-urlencoded", "name=Kettle&price=3900").
		refused(422, "form picture missing")
	s.send("POST", "/products", "root", "application/json", "{}").refused(415, "body  content_type")

	s.idle()
	s.get("/audit", "root").is(200, "[]") // nothing was changed
	s.get("/products?search=script", "").is(200, "[]")
}
