// Package option holds what the options of package runtime set, for package
// adapter.
package option

import "net/http"

// Settings are those of an adapter.
type Settings struct {
	OnError   func(http.ResponseWriter, *http.Request, error)                       // nil: a problem document
	PathValue func(r *http.Request, name string) string                             // nil: r.PathValue
	Encode    func(w http.ResponseWriter, r *http.Request, status int, v any) error // nil: JSON
	AnyType   bool                                                                  // JSON is read whatever the Content-Type is
}
