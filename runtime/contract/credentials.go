package contract

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	failures "github.com/pb33f/libopenapi-validator/errors"
	"github.com/pb33f/libopenapi-validator/helpers"
)

// lacksCredentials reports whether the document does not allow a request since it
// has no credentials.
func lacksCredentials(why []*failures.ValidationError) bool {
	return slices.ContainsFunc(why, func(e *failures.ValidationError) bool { return e.ValidationType == helpers.SecurityValidation })
}

// closed are the operations that let no request in, by what they need.
type closed struct {
	operations map[string][]*operation
}

func (c *closed) add(op *operation) {
	if c.operations == nil {
		c.operations = map[string][]*operation{}
	}
	needs := op.credentials()
	c.operations[needs] = append(c.operations[needs], op)
}

// findings says of operations that need the same how to give it.
func (c *closed) findings() (list []string) {
	for _, needs := range slices.Sorted(maps.Keys(c.operations)) {
		var names, ids strings.Builder
		for _, op := range c.operations[needs] {
			fmt.Fprintf(&names, "\n\t%s", op)
			fmt.Fprintf(&ids, ", %q", op.id)
		}
		list = append(list, fmt.Sprintf("these operations have let no request in, so nothing else of them was looked at:%s\n"+
			"\tGive each request the credentials of a user that the test has made:\n"+
			"\t\tcontract.Prepare(func(r *http.Request) { %s })\n"+
			"\tor leave the operations out:\n"+
			"\t\tcontract.Skip(%s)", &names, needs, strings.TrimPrefix(ids.String(), ", ")))
	}
	return list
}

// credentials is the code that gives a request what the first security requirement
// of the operation asks for. It is empty if a request needs none: an operation that
// answers 401 all the same, as a login does, has something else to say by it.
func (op *operation) credentials() string {
	isOpen := func(requirement any) bool { return len(op.schemas.object(requirement)) == 0 }
	if len(op.security) == 0 || slices.ContainsFunc(op.security, isOpen) {
		return ""
	}
	var lines []string
	for _, name := range slices.Sorted(maps.Keys(op.schemas.object(op.security[0]))) {
		lines = append(lines, op.schemas.credential(name))
	}
	return strings.Join(lines, "; ")
}

const bearer = `r.Header.Set("Authorization", "Bearer ...")`

// credential is the code for one security scheme.
func (s *schemas) credential(name string) string {
	scheme := s.object(s.at("#/components/securitySchemes/" + name))
	text := func(key string) string { value, _ := scheme[key].(string); return value }
	switch key := text("name"); {
	case text("type") == "apiKey" && text("in") == "cookie":
		return fmt.Sprintf("r.AddCookie(&http.Cookie{Name: %q, Value: \"...\"})", key)
	case text("type") == "apiKey" && text("in") == "query":
		return fmt.Sprintf("r.URL.RawQuery += \"&%s=...\"", key)
	case text("type") == "apiKey":
		return fmt.Sprintf("r.Header.Set(%q, \"...\")", key)
	case strings.EqualFold(text("scheme"), "basic"):
		return `r.SetBasicAuth("name", "password")`
	}
	return bearer
}
