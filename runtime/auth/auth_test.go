package auth

import (
	"errors"
	"net/http"
	"testing"

	"github.com/bggen/bggen/runtime"
)

func TestEqual(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want bool
	}{{"", "", true}, {"a", "a", true}, {"a", "b", false}, {"a", "aa", false}, {"", "a", false}} {
		if Equal(c.a, c.b) != c.want {
			t.Errorf("Equal(%q, %q) is %t", c.a, c.b, !c.want)
		}
	}
	if (Basic{"ann", "x"}).Equal("ann", "y") || (Basic{"bob", "x"}).Equal("ann", "x") || !(Basic{"ann", "x"}).Equal("ann", "x") {
		t.Error("Basic.Equal")
	}
}

func TestInvalidIs401(t *testing.T) {
	for _, err := range []error{Bearer("").Invalid(), Basic{}.Invalid(), APIKey("").Invalid(), APIKey("").Missing()} {
		p, ok := errors.AsType[*runtime.Problem](err)
		if !ok || p.Status != http.StatusUnauthorized || p.Header.Get("WWW-Authenticate") == "" {
			t.Errorf("%#v", err)
		}
	}
}

// Whatever a header holds, nobody is let in by it without a token.
func FuzzBearer(f *testing.F) {
	f.Add("Bearer x")
	f.Add("bearer \t")
	f.Fuzz(func(t *testing.T, header string) {
		token, err := RequireBearer(&header)
		if (token == "") != (err != nil) {
			t.Errorf("%q: %q, %v", header, token, err)
		}
		if optional := OptionalBearer(&header); (optional == nil) != (err != nil) {
			t.Errorf("%q: %v, %v", header, optional, err)
		}
	})
}
