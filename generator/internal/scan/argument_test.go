package scan

import (
	"strings"
	"testing"
)

func TestNextArgument(t *testing.T) {
	for text, want := range map[string]string{
		`GET /a`:                 `GET`,
		`min=1`:                  `min=1`,
		`default="a b" min=1`:    `default=a b`,
		`default=""`:             `default=`,
		"pattern=`\\d+ x` min=1": `pattern=\d+ x`,
		`"pattern=^[a-z ]+$" x`:  `pattern=^[a-z ]+$`,
		`default=say"hi"`:        `default=say"hi"`,
		`enum="a|b c"`:           `enum=a|b c`,
		`default="\""`:           `default="`,
		`"quoted`:                `error: not a whole Go string`,
		`default="a`:             `error: not a whole Go string`,
		`default="\d"`:           `error: not a whole Go string`,
		`default="a"b`:           `error: no space after "a"`,
		"default=a\u00a0b":       `default=a`,
		`name=a=b`:               `name=a=b`,
	} {
		arg, length, err := nextArgument(text)
		if wanted, ok := strings.CutPrefix(want, "error: "); ok {
			if err == nil || !strings.Contains(err.Error(), wanted) {
				t.Errorf("%s: %v, want %q", text, err, wanted)
			}
		} else if err != nil || arg != want || length > len(text) {
			t.Errorf("%s: %q, %d, %v, want %q", text, arg, length, err, want)
		}
	}
}
