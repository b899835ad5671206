package main

import (
	"io"
	"net/http"
	"sync"

	traces "go.opentelemetry.io/proto/otlp/collector/trace/v1"
	tracepb "go.opentelemetry.io/proto/otlp/trace/v1"
	"google.golang.org/protobuf/proto"
)

// A collector has the spans that exporters of OpenTelemetry have sent to it.
type collector struct {
	mu    sync.Mutex
	spans []span
}

// A span is one of a service.
type span struct {
	*tracepb.Span
	service string
}

func (s span) failed() bool { return s.Status.GetCode() == tracepb.Status_STATUS_CODE_ERROR }

func (c *collector) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "application/x-protobuf")
	if r.URL.Path != "/v1/traces" {
		return
	}
	body, err := io.ReadAll(r.Body)
	check(err)
	var sent traces.ExportTraceServiceRequest
	check(proto.Unmarshal(body, &sent))
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, r := range sent.ResourceSpans {
		service := ""
		for _, a := range r.Resource.Attributes {
			if a.Key == "service.name" {
				service = a.Value.GetStringValue()
			}
		}
		for _, s := range r.ScopeSpans {
			for _, x := range s.Spans {
				c.spans = append(c.spans, span{x, service})
			}
		}
	}
}
