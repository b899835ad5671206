package resolve

import (
	"go/types"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/bggen/bggen/generator/internal/diag"
	"github.com/bggen/bggen/generator/internal/scan"
)

// meant is what tags are called elsewhere, and here.
var meant = map[string]string{
	"params": "path", "param": "path", "uri": "path", "headers": "header", "cookies": "cookie",
	"minimum": "min", "ge": "min", "gte": "min", "maximum": "max", "le": "max", "lte": "max",
	"exclusiveMinimum": "gt", "exclusiveMaximum": "lt", "multipleOf": "multiple",
	"minlength": "minlen", "minLength": "minlen", "min_len": "minlen", "min_length": "minlen", "minItems": "minlen", "min_items": "minlen",
	"maxlength": "maxlen", "maxLength": "maxlen", "max_len": "maxlen", "max_length": "maxlen", "maxItems": "maxlen", "max_items": "maxlen",
	"regexp": "pattern", "regex": "pattern", "enums": "enum", "oneof": "enum", "examples": "example",
}

// others are tags of other packages, which are not ours misspelt.
var others = []string{"json", "xml", "yaml", "toml", "bson", "csv", "env", "db", "sql", "gorm", "orm", "url", "doc", "schema", "mapstructure", "msgpack", "protobuf"}

// validators are tags that say what those of ours do, to other packages.
var validators = []string{"validate", "binding", "valid"}

// tagKeys are the keys of the tag of a field. It reports false if the tag is not
// written as package reflect reads it.
func tagKeys(tag string) (keys []string, ok bool) {
	for tag = strings.TrimLeft(tag, " "); tag != ""; tag = strings.TrimLeft(tag, " ") {
		key, rest, found := strings.Cut(tag, ":")
		quoted, err := strconv.QuotedPrefix(rest)
		if !found || err != nil || key == "" || strings.ContainsAny(key, " ,\"\t") || quoted[0] != '"' {
			return keys, false
		}
		keys, tag = append(keys, key), rest[len(quoted):]
	}
	return keys, true
}

// checkTag reports the keys of a tag that nothing reads. known are those that
// something does. The tags of other packages are theirs to check.
func (g *graph) checkTag(p scan.Param, f *types.Var, tag string, known []string) {
	if f.Pkg().Path() != g.in.Path {
		return
	}
	where := g.fieldRange(p, f)
	keys, ok := tagKeys(tag)
	if !ok {
		g.report(diag.New(diag.BadParam, where, "the tag of field %s cannot be read", f.Name()).
			WithHint("a tag is written `key:\"value\" key:\"value\"`, with a space between and none around a colon"))
	}
	for _, key := range keys {
		like := meant[key]
		if like == "" && !slices.Contains(others, key) && len(key) > 3 {
			like = diag.Nearest(key, known)
		}
		switch {
		case slices.Contains(known, key):
		case slices.Contains(validators, key):
			g.report(diag.New(diag.UnreadTag, where, "field %s has a tag %s, which bggen does not read", f.Name(), key)).
				WithHint("the tags of bggen are default, required, %s", strings.Join(limitTags, ", "))
		case like != "":
			g.report(diag.New(diag.BadParam, where, "field %s has a tag %s, which means nothing here", f.Name(), key).
				WithHint("did you mean %s?", like))
		}
	}
}

// checkParamTag reports what in the tag of a field of a parameter struct would do
// nothing, or not what it seems to. place and name are those of its value.
func (g *graph) checkParamTag(p scan.Param, f *types.Var, text, place, name string) {
	where, tag := g.fieldRange(p, f), reflect.StructTag(text)
	g.checkTag(p, f, text, slices.Concat(places, limitTags, []string{"default", "example", "required"}))
	for _, other := range places {
		if _, both := tag.Lookup(other); both && other != place {
			g.report(diag.New(diag.AmbiguousSource, where, "field %s has a tag %s and a tag %s", f.Name(), place, other).
				WithHint("a value comes from one place: take one of them away"))
		}
	}
	if before, _, comma := strings.Cut(name, ","); comma {
		g.report(diag.New(diag.BadParam, where, "the name %q of field %s has a comma in it", name, f.Name()).
			WithHint("write %s:%q; a pointer or default:\"\" makes it optional", place, before))
	}
	if _, ok := tag.Lookup("required"); ok {
		g.report(diag.New(diag.BadParam, where, "field %s has a tag required, which is for fields of JSON bodies", f.Name()).
			WithHint("take it away: a value is required unless the field is a pointer or a list, or has a default"))
	}
}

// checkBodyTag does so for a field of a JSON body.
func (g *graph) checkBodyTag(p scan.Param, f *types.Var, text string) {
	g.checkTag(p, f, text, slices.Concat([]string{"json", "default", "example", "required"}, limitTags, places))
	keys, _ := tagKeys(text)
	for _, place := range places {
		if slices.Contains(keys, place) && f.Pkg().Path() == g.in.Path {
			g.report(diag.New(diag.UnreadTag, g.fieldRange(p, f), "field %s has a tag %s, and is read from a JSON body", f.Name(), place)).
				WithHint("take it away, or read the value from there: in a parameter of the handler, or in a struct without JSON")
		}
	}
}
