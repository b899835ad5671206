package contender

import (
	"context"
	"encoding/json"
	"net/http"

	"github.com/bggen/bggen/benchmarks/internal/tutorial"
	"github.com/bggen/bggen/runtime"
	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"
	"github.com/gin-gonic/gin"
	"github.com/go-chi/chi/v5"
	"github.com/labstack/echo/v4"
)

// The frameworks are without middleware, and start the tasks with a bare go
// statement: that is what their users write.

// notify is the tutorial's handler below any framework.
func notify(email, q string) tutorial.Message {
	lines := make([]string, 0, 2)
	if q != "" {
		lines = append(lines, "found query: "+q)
	}
	lines = append(lines, "message to "+email)
	go func() {
		for _, line := range lines {
			tutorial.WriteLog(line)
		}
	}()
	return tutorial.Message{Message: "Message sent"}
}

func hello(name string) tutorial.Message { return tutorial.Message{Message: "Hello " + name} }

func bggenApp() goApp {
	var runner runtime.Runner
	mux := http.NewServeMux()
	tutorial.Register(mux, &runner)
	return goApp{handler: mux, attach: runner.Attach, drain: runner.Shutdown}
}

func ginApp() goApp {
	gin.SetMode(gin.ReleaseMode)
	g := gin.New()
	g.POST("/send-notification/:email", func(c *gin.Context) {
		c.JSON(http.StatusOK, notify(c.Param("email"), c.Query("q")))
	})
	g.GET("/hello/:name", func(c *gin.Context) { c.JSON(http.StatusOK, hello(c.Param("name"))) })
	return goApp{handler: g}
}

func echoApp() goApp {
	e := echo.New()
	e.POST("/send-notification/:email", func(c echo.Context) error {
		return c.JSON(http.StatusOK, notify(c.Param("email"), c.QueryParam("q")))
	})
	e.GET("/hello/:name", func(c echo.Context) error { return c.JSON(http.StatusOK, hello(c.Param("name"))) })
	return goApp{handler: e}
}

func chiApp() goApp {
	answer := func(w http.ResponseWriter, m tutorial.Message) {
		w.Header().Set("Content-Type", "application/json")
		json.NewEncoder(w).Encode(m)
	}
	c := chi.NewRouter()
	c.Post("/send-notification/{email}", func(w http.ResponseWriter, r *http.Request) {
		answer(w, notify(chi.URLParam(r, "email"), r.URL.Query().Get("q")))
	})
	c.Get("/hello/{name}", func(w http.ResponseWriter, r *http.Request) { answer(w, hello(chi.URLParam(r, "name"))) })
	return goApp{handler: c}
}

type (
	humaNotify struct {
		Email string `path:"email"`
		Q     string `query:"q"`
	}
	humaHello struct {
		Name string `path:"name"`
	}
	humaAnswer struct{ Body tutorial.Message }
)

func humaApp() goApp {
	mux := http.NewServeMux()
	config := huma.DefaultConfig("benchmark", "1.0.0")
	config.CreateHooks = nil // else each body has a link to its schema
	api := humago.New(mux, config)
	huma.Post(api, "/send-notification/{email}", func(_ context.Context, in *humaNotify) (*humaAnswer, error) {
		return &humaAnswer{notify(in.Email, in.Q)}, nil
	})
	huma.Get(api, "/hello/{name}", func(_ context.Context, in *humaHello) (*humaAnswer, error) {
		return &humaAnswer{hello(in.Name)}, nil
	})
	return goApp{handler: mux}
}
