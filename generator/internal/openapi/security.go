package openapi

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/bggen/bggen/generator/internal/gotype"
	"github.com/bggen/bggen/generator/internal/model"
	"github.com/bggen/bggen/generator/internal/scan"
	"github.com/bggen/bggen/generator/internal/schema"
)

// A lock is what the requests of one handler need to be let in.
type lock struct {
	w           *writer
	needed      *schema.Object // scopes by the names of schemes
	optional    bool           // a request without is let in
	credentials map[*model.Binding]bool
}

// security says what a request needs to be let in, and which values of it are
// credentials and no ordinary parameters.
func (w *writer) security(h *model.Handler) ([]*schema.Object, map[*model.Binding]bool) {
	l := &lock{w: w, needed: new(schema.Object), optional: true, credentials: map[*model.Binding]bool{}}
	for _, call := range h.Calls {
		if len(call.Provider.Security) > 0 {
			l.declared(h, call)
		}
	}
	l.add(h.Args, nil)
	for _, call := range h.Calls {
		l.add(call.Args, call)
	}
	switch {
	case len(l.needed.Members) == 0:
		return []*schema.Object{}, l.credentials
	case l.optional:
		return []*schema.Object{l.needed, new(schema.Object)}, l.credentials
	}
	return []*schema.Object{l.needed}, l.credentials
}

// declared adds the scheme that a provider declares. It stands for all credentials
// that this one, and what it is made from, read.
func (l *lock) declared(h *model.Handler, call *model.Call) {
	name, scheme := l.w.declaredScheme(call.Provider)
	refusing := call.HasError
	for _, part := range madeFrom(call) {
		for _, arg := range part.Args {
			for _, b := range model.BindingsOf(arg) {
				if _, is := schemeOf(b, part); is != nil {
					l.credentials[b] = true
					refusing = refusing || !mayBeAbsent(b) || part.HasError
				}
			}
		}
	}
	l.optional = l.optional && !refusing
	scopes := []string{}
	for _, scope := range scopesOf(h) {
		l.w.scope(scheme, scope)
		if !slices.Contains(scopes, scope.Name) {
			scopes = append(scopes, scope.Name)
		}
	}
	l.needed.Set(name, scopes)
}

// add adds the schemes of the values that a function reads by itself: the call is the
// one of a provider, and nil for the handler.
func (l *lock) add(args []model.Source, call *model.Call) {
	for _, arg := range args {
		for _, b := range model.BindingsOf(arg) {
			name, scheme := schemeOf(b, call)
			if scheme == nil || l.credentials[b] {
				continue
			}
			l.w.schemes[name] = scheme
			l.credentials[b] = true
			l.needed.Set(name, []string{})
			l.optional = l.optional && mayBeAbsent(b) && !(call != nil && call.HasError)
		}
	}
}

func mayBeAbsent(b *model.Binding) bool {
	return b.Form == model.Optional || b.Form == model.Opt || b.Form == model.Default
}

// madeFrom is a call with all whose values it is given, at any depth.
func madeFrom(call *model.Call) []*model.Call {
	list := []*model.Call{call}
	for _, arg := range call.Args {
		if other, ok := arg.(*model.Call); ok {
			list = append(list, madeFrom(other)...)
		}
	}
	return list
}

// scopesOf are those that a handler and all that it needs ask for.
func scopesOf(h *model.Handler) (list []scan.Scope) {
	for _, call := range h.Calls {
		list = append(list, call.Provider.Scopes...)
	}
	return append(list, h.Func.Scopes...)
}

// A declaredScheme is one of a security directive.
type declaredScheme struct {
	name   string
	scopes *schema.Object // with what they let do; nil: they are not listed
}

// scope adds a scope to the list of a scheme.
func (w *writer) scope(s *declaredScheme, scope scan.Scope) {
	if s.scopes == nil {
		if scope.Text != "" {
			w.note("the text %q of the scope %s is left out: %s has no list of scopes", scope.Text, scope.Name, s.name)
		}
		return
	}
	switch before, _ := s.scopes.Get(scope.Name).(string); {
	case before == "":
		s.scopes.Set(scope.Name, scope.Text)
	case scope.Text != "" && scope.Text != before:
		w.note("the scope %s is described as %q and as %q: the second is left out", scope.Name, before, scope.Text)
	}
}

// declaredScheme is the scheme that a function declares, and its name in the document.
// Functions that say the same declare one scheme.
func (w *writer) declaredScheme(f *scan.Func) (string, *declaredScheme) {
	var key strings.Builder
	for _, s := range f.Security {
		fmt.Fprintf(&key, "%s %q %q %q %q\n", s.Flow, s.Authorize, s.Token, s.Refresh, s.OpenID)
	}
	if known := w.declared[key.String()]; known != nil {
		return known.name, known
	}
	made := &declaredScheme{}
	scheme := new(schema.Object)
	if first := f.Security[0]; first.Flow == "" {
		made.name = "openIdConnect"
		scheme.Set("type", made.name).Set("openIdConnectUrl", first.OpenID)
	} else {
		made.name, made.scopes = "oauth2", new(schema.Object)
		scheme.Set("type", made.name).Set("flows", flows(f.Security, made.scopes))
	}
	if w.schemes[made.name] != nil {
		made.name = lower(schema.Identifier(f.FullName()))
	}
	w.schemes[made.name], w.declared[key.String()] = scheme, made
	return made.name, made
}

func flows(list []scan.Security, scopes *schema.Object) *schema.Object {
	out := new(schema.Object)
	for _, s := range list {
		out.Child(s.Flow).Text("authorizationUrl", s.Authorize).Text("tokenUrl", s.Token).Text("refreshUrl", s.Refresh).Set("scopes", scopes)
	}
	return out
}

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
