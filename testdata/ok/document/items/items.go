// Package items is what customers see of the shop.
package items

import (
	"context"
	"io"
	"mime/multipart"
	"net/http"
	"time"

	"github.com/bggen/bggen/runtime"
)

// Base is in everything that is stored.
type Base struct {
	// ID never changes.
	ID int64 `json:"id"`
	// Made is when it was added.
	Made time.Time `json:"made,omitzero"`
}

// Item is one thing to buy.
type Item struct {
	Base
	Name  string   `json:"name" required:"true" minlen:"1" maxlen:"50"` // as customers know it
	Price *int32   `json:"price"`
	Tags  []string `json:"tags"`
	Photo []byte   `json:"photo,omitempty"`
	Like  []*Item  `json:"like,omitempty"` // Like are items that go well with it.
	Size  struct {
		Width  float32 `json:"width"`
		Height float64 `json:"height"`
	} `json:"size"`
	Extra map[string]any `json:"extra,omitempty"`
}

// Page is a part of a list.
type Page[T any] struct {
	Items []T `json:"items"`
	// Next is what to ask for to have the next page.
	Next string `json:"next,omitempty"`
}

// Filter is what to list.
type Filter struct {
	// Search is a part of the name.
	Search string     `query:"search" default:""`
	Limit  int        `query:"limit" default:"20" min:"1" max:"100"` // Limit is how many items there are on a page.
	Sort   string     `query:"sort" default:"name" enum:"name|price"`
	Since  *time.Time `query:"since"`
}

// ListItems returns the items that a filter lets through. They are sorted by
// name unless Filter.Sort says otherwise.
//
//bggen:route GET /items
func ListItems(ctx context.Context, f Filter) (Page[Item], error) { return Page[Item]{}, nil }

// AddItem adds an item.
//
//bggen:route POST /items status=201 maxbody=64KiB
//bggen:answers 409="there is an item of that name"
func AddItem(ctx context.Context, body Item, bg *runtime.BackgroundTasks) (Item, error) {
	if body.Name == "cup" {
		return Item{}, &runtime.Problem{Status: http.StatusConflict, Detail: "there is an item of that name"}
	}
	return body, nil
}

// Upload is a picture.
type Upload struct {
	Picture *multipart.FileHeader `form:"picture"` // Picture is a JPEG.
	Title   string                `form:"title" maxlen:"80"`
}

// AddPicture shows what an item looks like.
//
//bggen:route PUT /items/{id}/picture
func AddPicture(id int64, u Upload) error { return nil }

// File returns one of the files of an item.
//
//bggen:route GET /files/{path...}
func File(path string) (io.Reader, error) { return nil, nil }
