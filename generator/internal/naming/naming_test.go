package naming

import (
	"go/token"
	"go/types"
	"testing"

	"github.com/bggen/bggen/generator/internal/scan"
)

func TestLowerFirst(t *testing.T) {
	for name, want := range map[string]string{
		"Order": "order", "HTTPPing": "httpPing", "ID": "id", "IDs": "ids", "x": "x", "URLPath2": "urlPath2", "_x": "_x", "": "",
	} {
		if got := LowerFirst(name); got != want {
			t.Errorf("LowerFirst(%q) = %q, want %q", name, got, want)
		}
	}
}

func TestUpperFirst(t *testing.T) {
	for name, want := range map[string]string{"order": "Order", "Order": "Order", "_x": "X_x", "été": "Été", "日": "X日"} {
		if got := UpperFirst(name); got != want {
			t.Errorf("UpperFirst(%q) = %q, want %q", name, got, want)
		}
	}
}

func TestField(t *testing.T) {
	for param, want := range map[string]string{"id": "ID", "url": "URL", "title": "Title", "userID": "UserID", "identity": "Identity"} {
		if got := Field(param); got != want {
			t.Errorf("Field(%q) = %q, want %q", param, got, want)
		}
	}
}

func TestTake(t *testing.T) {
	outer := NewScope(nil).Reserve("order", "orderValue")
	for _, c := range []struct{ want, suffix, name string }{
		{"user", "Value", "user"},
		{"user", "Value", "userValue"},
		{"user", "Value", "userValue2"},
		{"order", "Value", "orderValue2"}, // both are taken around
		{"func", "Param", "funcParam"},    // a keyword
		{"error", "Param", "errorParam"},  // code further down needs it
		{"len", "Param", "len"},           // whoever needs it reserves it
		{"item", "", "item"},
		{"item", "", "item2"},
	} {
		if got := outer.Take(c.want, c.suffix); got != c.name {
			t.Errorf("Take(%q, %q) = %q, want %q", c.want, c.suffix, got, c.name)
		}
	}
}

var (
	here  = types.NewPackage("example.com/here", "here")
	there = types.NewPackage("example.com/there", "there")
)

func function(pkg *types.Package, receiver, name string) *scan.Func {
	f := &scan.Func{Name: name, Exported: token.IsExported(name), Pkg: pkg}
	if receiver != "" {
		obj := types.NewTypeName(token.NoPos, pkg, receiver, nil)
		f.Receiver = &scan.Receiver{Named: types.NewNamed(obj, types.NewStruct(nil, nil), nil)}
	}
	if pkg == there {
		f.Qualifier = "there"
	}
	return f
}

func TestFor(t *testing.T) {
	for _, c := range []struct{ receiver, name, prefix, want string }{
		{"", "SendMail", "Enqueue", "EnqueueSendMail"},
		{"", "sendMail", "Enqueue", "enqueueSendMail"},
		{"Users", "Get", "", "UsersGet"},
		{"users", "Get", "", "usersGet"},
		{"Users", "get", "", "usersGet"},
		{"", "HTTPPing", "Enqueue", "EnqueueHTTPPing"},
	} {
		if got := For(function(here, c.receiver, c.name), c.prefix); got != c.want {
			t.Errorf("For(%s.%s, %q) = %q, want %q", c.receiver, c.name, c.prefix, got, c.want)
		}
	}
}

// Fields that other packages see do not depend on what only this one needs.
func TestOverrideFields(t *testing.T) {
	newThing, NewThing := function(here, "", "newThing"), function(here, "", "NewThing")
	foreign, option := function(there, "", "NewThing"), function(here, "", "Option")
	method := function(here, "Users", "Require")
	for _, c := range []struct {
		public, rest []*scan.Func
		want         map[*scan.Func]string
	}{
		{[]*scan.Func{NewThing}, nil, map[*scan.Func]string{NewThing: "NewThing"}},
		{[]*scan.Func{NewThing}, []*scan.Func{newThing, foreign}, map[*scan.Func]string{NewThing: "NewThing", newThing: "NewThingProvider", foreign: "ThereNewThing"}},
		{nil, []*scan.Func{foreign, option, method}, map[*scan.Func]string{foreign: "NewThing", option: "OptionProvider", method: "UsersRequire"}},
	} {
		got := OverrideFields(c.public, c.rest)
		for f, want := range c.want {
			if got[f] != want || len(got) != len(c.want) {
				t.Errorf("%s is called %q, want %q", f.FullName(), got[f], want)
			}
		}
	}
}
