package openapi

import (
	"regexp"
	"strings"

	"github.com/bggen/bggen/generator/internal/gotype"
	"github.com/bggen/bggen/generator/internal/model"
	"github.com/bggen/bggen/generator/internal/schema"
)

// security says what a request needs to be let in, and which values of it are
// credentials and no ordinary parameters.
func (w *writer) security(h *model.Handler) ([]*schema.Object, map[*model.Binding]bool) {
	credentials := map[*model.Binding]bool{}
	needed, optional := new(schema.Object), true
	add := func(b *model.Binding, call *model.Call) {
		name, scheme := schemeOf(b, call)
		if scheme == nil {
			return
		}
		if w.schemes == nil {
			w.schemes = map[string]*schema.Object{}
		}
		w.schemes[name] = scheme
		credentials[b] = true
		needed.Set(name, []string{})
		optional = optional && (b.Form == model.Optional || b.Form == model.Opt || b.Form == model.Default) && !refuses(call)
	}
	for _, arg := range h.Args {
		for _, b := range model.BindingsOf(arg) {
			add(b, nil)
		}
	}
	for _, call := range h.Calls {
		for _, arg := range call.Args {
			for _, b := range model.BindingsOf(arg) {
				add(b, call)
			}
		}
	}
	switch {
	case len(needed.Members) == 0:
		return []*schema.Object{}, credentials
	case optional:
		return []*schema.Object{needed, new(schema.Object)}, credentials
	}
	return []*schema.Object{needed}, credentials
}

// refuses reports whether a provider refuses a request without the credential:
// one that can fail does, whatever its parameter says.
func refuses(call *model.Call) bool { return call != nil && call.HasError }

var apiKey = regexp.MustCompile(`(?i)api-?_?key`)

// schemeOf is the security scheme of a value: of a type of package auth, of the
// header Authorization, or of an API key or a cookie that a guard reads.
func schemeOf(b *model.Binding, call *model.Call) (name string, scheme *schema.Object) {
	http := func(name string) (string, *schema.Object) {
		return name, new(schema.Object).Set("type", "http").Set("scheme", name)
	}
	isKey := gotype.IsNamed(b.Type, authPath, "APIKey")
	guard := call != nil && call.Guard
	switch {
	case b.In == model.Header && strings.EqualFold(b.Name, "Authorization") && !isKey:
		basic := call != nil && call.Type != nil && gotype.IsNamed(gotype.UnderPointers(call.Type), authPath, "Basic")
		if basic || gotype.IsNamed(b.Type, authPath, "Basic") {
			return http("basic")
		}
		return http("bearer")
	case isKey, guard && b.In == model.Cookie, guard && b.In == model.Header && apiKey.MatchString(b.Name):
		name := lower(schema.Identifier(strings.ReplaceAll(b.Name, "-", "")))
		return name, new(schema.Object).Set("type", "apiKey").Set("in", b.In.String()).Set("name", b.Name)
	}
	return "", nil
}

const authPath = "github.com/bggen/bggen/runtime/auth"
