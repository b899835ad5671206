package fielderror_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/bggen/bggen/runtime"
	"github.com/bggen/bggen/runtime/internal/fielderror"
)

func TestOf(t *testing.T) {
	for _, c := range []struct {
		err  error
		want []runtime.FieldError
	}{
		{nil, nil},
		{errors.New("is bad"), []runtime.FieldError{{In: "query", Name: "q", Code: "invalid", Message: "is bad"}}},
		{runtime.FieldErrors{{Message: "a"}, {In: "header", Name: "n", Code: "c", Message: "b"}}, []runtime.FieldError{
			{In: "query", Name: "q", Code: "invalid", Message: "a"}, {In: "header", Name: "n", Code: "c", Message: "b"}}},
		{fmt.Errorf("wrapped: %w", runtime.FieldErrors{{Message: "a"}}), []runtime.FieldError{{In: "query", Name: "q", Code: "invalid", Message: "a"}}},
		{runtime.FieldErrors{}, nil},
	} {
		if got := fielderror.Of(c.err, "query", "q"); !slices.Equal(got, c.want) {
			t.Errorf("%v: %+v, want %+v", c.err, got, c.want)
		}
	}
}

func TestName(t *testing.T) {
	sixty := strings.Repeat("x", 60)
	for name, want := range map[string]string{
		"":               "",
		sixty + "abcd":   sixty + "abcd",
		sixty + "abcde":  sixty + "abcd…",
		sixty + "abc€":   sixty + "abc…", // and not a part of a character
		sixty + "€":      sixty + "€",
		sixty + "\xffab": sixty + "\xffab",
	} {
		if got := fielderror.Name(name); got != want {
			t.Errorf("%q: %q, want %q", name, got, want)
		}
	}
}
