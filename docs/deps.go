//go:build never

package docs

// What the blocks of the pages import. The file is there for go mod tidy, and is never
// compiled.
import (
	_ "github.com/gin-gonic/gin"
	_ "github.com/go-chi/chi/v5"
	_ "github.com/gofiber/fiber/v3"
	_ "github.com/gofiber/fiber/v3/middleware/adaptor"
	_ "github.com/gorilla/mux"
	_ "github.com/julienschmidt/httprouter"
	_ "github.com/labstack/echo/v4"
	_ "go.opentelemetry.io/contrib/instrumentation/net/http/otelhttp"
	_ "go.opentelemetry.io/otel"
	_ "go.opentelemetry.io/otel/propagation"
	_ "go.opentelemetry.io/otel/sdk/metric"
	_ "go.opentelemetry.io/otel/sdk/trace"

	_ "github.com/bggen/bggen/runtime/apidocs"
	_ "github.com/bggen/bggen/runtime/asynq"
	_ "github.com/bggen/bggen/runtime/celery"
	_ "github.com/bggen/bggen/runtime/contract"
	_ "github.com/bggen/bggen/runtime/nats"
	_ "github.com/bggen/bggen/runtime/nats/embedded"
	_ "github.com/bggen/bggen/runtime/otel"
	_ "github.com/bggen/bggen/runtime/river"
)
