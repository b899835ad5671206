package tracing

import (
	"context"
	"net/http/httptest"
	"testing"

	"go.opentelemetry.io/otel/sdk/trace/tracetest"

	"github.com/bggen/bggen/runtime"
)

func TestOneTrace(t *testing.T) {
	exporter := tracetest.NewInMemoryExporter()
	flush := Setup(keep{exporter})
	var runner runtime.Runner
	handler := Handler(&runner)
	handler.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("POST", "/orders", nil))
	if err := runner.Idle(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	spans := map[string]tracetest.SpanStub{}
	for _, s := range exporter.GetSpans() {
		spans[s.Name] = s
	}
	request := spans["POST /orders"]
	task := spans["run github.com/bggen/bggen/docs/recipes/tracing.Confirm"]
	mail := spans["send mail"]
	if task.Parent.SpanID() != request.SpanContext.SpanID() || mail.Parent.SpanID() != task.SpanContext.SpanID() || !mail.SpanContext.IsValid() {
		t.Errorf("the spans are %v", spans)
	}
}

// keep keeps its spans when it is shut down.
type keep struct{ *tracetest.InMemoryExporter }

func (keep) Shutdown(ctx context.Context) error { return nil }
