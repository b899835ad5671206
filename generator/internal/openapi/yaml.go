package openapi

import (
	"bytes"
	"encoding/json"
	"regexp"
	"strings"

	"github.com/bggen/bggen/generator/internal/schema"
)

// YAML writes a document that is JSON as YAML: its members in the same order, in
// lines of their own and without the braces. Texts keep their quotes, which YAML
// reads as JSON does, so that none is taken for something else.
func YAML(text []byte) ([]byte, error) {
	var b bytes.Buffer
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	y := &yamlWriter{in: d, out: &b}
	if err := y.value(0, false); err != nil {
		return nil, err
	}
	return append(bytes.TrimLeft(b.Bytes(), "\n "), '\n'), nil
}

type yamlWriter struct {
	in  *json.Decoder
	out *bytes.Buffer
}

// plainKey are keys that need no quotes, and that YAML takes for texts. Those that
// begin with a digit, as 200, would be numbers.
var plainKey = regexp.MustCompile(`^[A-Za-z_$][A-Za-z0-9_$./-]*$`)

// value writes the next value, which belongs to something at that depth. An item
// of a list begins on the line of its dash.
func (y *yamlWriter) value(depth int, isItem bool) error {
	token, err := y.in.Token()
	if err != nil {
		return err
	}
	delim, nested := token.(json.Delim)
	if !nested {
		y.out.WriteByte(' ')
		return schema.Write(y.out, token)
	}
	if !y.in.More() {
		y.out.WriteString(map[json.Delim]string{'{': " {}", '[': " []"}[delim])
	}
	for y.in.More() {
		if isItem {
			y.out.WriteByte(' ')
		} else {
			y.out.WriteString("\n" + strings.Repeat("  ", depth))
		}
		if delim == '[' {
			y.out.WriteByte('-')
		} else if err := y.key(); err != nil {
			return err
		}
		if err := y.value(depth+1, delim == '['); err != nil {
			return err
		}
		isItem = false
	}
	_, err = y.in.Token() // the end of it
	return err
}

func (y *yamlWriter) key() error {
	token, err := y.in.Token()
	if err != nil {
		return err
	}
	key := token.(string)
	if plainKey.MatchString(key) && !isYAMLWord(key) {
		y.out.WriteString(key + ":")
		return nil
	}
	err = schema.Write(y.out, key)
	y.out.WriteByte(':')
	return err
}

// isYAMLWord reports whether a text without quotes would be a boolean or null.
func isYAMLWord(s string) bool {
	switch strings.ToLower(s) {
	case "y", "n", "yes", "no", "on", "off", "true", "false", "null":
		return true
	}
	return false
}
