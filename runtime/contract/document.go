package contract

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/pb33f/libopenapi"
	validator "github.com/pb33f/libopenapi-validator"
	"github.com/pb33f/libopenapi-validator/config"
	"github.com/pb33f/libopenapi-validator/content"
	failures "github.com/pb33f/libopenapi-validator/errors"
	"github.com/pb33f/libopenapi-validator/router"
	"github.com/pb33f/libopenapi/datamodel"
)

// A document is an OpenAPI document that requests and answers are compared with.
type document struct {
	valid  validator.Validator
	routes router.Router
}

// parse reads a document. It ends the test if there is a mistake in it.
func parse(t testing.TB, spec []byte) *document {
	t.Helper()
	// A type that must have a list of itself is not endless, since a list may be empty
	// and a value null. libopenapi would refuse it.
	read, err := libopenapi.NewDocumentWithConfiguration(spec, &datamodel.DocumentConfiguration{IgnoreArrayCircularReferences: true, IgnorePolymorphicCircularReferences: true})
	if err != nil {
		t.Fatalf("contract: the document cannot be read: %v", err)
	}
	model, err := read.BuildV3Model()
	if err != nil {
		t.Fatalf("contract: the document is not OpenAPI 3: %v", err)
	}
	valid, errs := validator.NewValidator(read, config.WithFormatAssertions(), config.WithStandardBodyDecoders(),
		config.WithBodyDecoder("application/jsonl", content.DecoderFunc(decodeLines)),
		config.WithBodyDecoder("text/event-stream", content.DecoderFunc(decodeEvents)))
	if len(errs) > 0 {
		t.Fatalf("contract: the document cannot be used: %v", errors.Join(errs...))
	}
	if ok, list := valid.ValidateDocument(); !ok {
		t.Fatalf("contract: the document is not valid:\n%s", explain(list))
	}
	return &document{valid, router.NewRouter(&model.Model, router.WithPathOnlyMatching())}
}

// operation names the operation that a request is for, as the document does; ""
// if there is none.
func (d *document) operation(r *http.Request) string {
	route, err := d.routes.FindRoute(r)
	if err != nil || route.Operation == nil {
		return ""
	}
	name := r.Method + " " + route.Path
	if id := route.Operation.OperationId; id != "" {
		name = id + " (" + name + ")"
	}
	return name
}

// explain says what differs, a line for each difference.
func explain(list []*failures.ValidationError) string {
	var text strings.Builder
	for _, e := range list {
		if len(e.SchemaValidationErrors) == 0 {
			fmt.Fprintf(&text, "\t%s: %s\n", e.Message, e.Reason)
		}
		for _, s := range e.SchemaValidationErrors {
			fmt.Fprintf(&text, "\t%s: %s\n", e.Message, s)
		}
	}
	return text.String()
}
