package routertest

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/bggen/bggen/runtime/adapter"
	"github.com/bggen/bggen/runtime/routers"
	"github.com/gin-gonic/gin"
	"github.com/go-chi/chi/v5"
	"github.com/gofiber/fiber/v3"
	"github.com/gofiber/fiber/v3/middleware/adaptor"
	"github.com/gorilla/mux"
	"github.com/julienschmidt/httprouter"
	"github.com/labstack/echo/v4"
)

// A router is one that routes are registered with through a routers.Mux.
type router struct {
	name    string
	refuses string // a pattern that the router itself refuses beside the others, with a panic
	new     func() (*routers.Mux, func(*http.Request) (int, string))
}

// serve answers a request with an http.Handler.
func serve(h http.Handler) func(*http.Request) (int, string) {
	return func(r *http.Request) (int, string) {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		return w.Code, w.Body.String()
	}
}

var all = []router{
	{"gin", "", func() (*routers.Mux, func(*http.Request) (int, string)) {
		gin.SetMode(gin.ReleaseMode)
		engine := gin.New()
		return routers.Colon.Mux(func(method, path string, names []string, h http.Handler) {
			engine.Handle(method, path, func(c *gin.Context) {
				for _, name := range names {
					c.Request.SetPathValue(name, c.Param(name))
				}
				h.ServeHTTP(c.Writer, c.Request)
			})
		}), serve(engine)
	}},
	{"httprouter", "GET /users/me", func() (*routers.Mux, func(*http.Request) (int, string)) {
		router := httprouter.New()
		return routers.Colon.Mux(func(method, path string, names []string, h http.Handler) {
			router.Handle(method, path, func(w http.ResponseWriter, r *http.Request, params httprouter.Params) {
				for _, name := range names {
					r.SetPathValue(name, params.ByName(name))
				}
				h.ServeHTTP(w, r)
			})
		}), serve(router)
	}},
	{"echo", "", func() (*routers.Mux, func(*http.Request) (int, string)) {
		e := echo.New()
		return routers.ColonStar.Mux(func(method, path string, names []string, h http.Handler) {
			e.Add(method, path, func(c echo.Context) error {
				for _, name := range names {
					c.Request().SetPathValue(name, c.Param(name))
				}
				h.ServeHTTP(c.Response(), c.Request())
				return nil
			})
		}), serve(e)
	}},
	{"chi", "", func() (*routers.Mux, func(*http.Request) (int, string)) {
		router := chi.NewRouter()
		return routers.Chi.Mux(func(method, path string, _ []string, h http.Handler) {
			router.Method(method, path, h) // chi sets path values
		}), serve(router)
	}},
	{"gorilla", "", func() (*routers.Mux, func(*http.Request) (int, string)) {
		router := mux.NewRouter().UseEncodedPath()
		return routers.Gorilla.Mux(func(method, path string, names []string, h http.Handler) {
			router.Methods(method).Path(path).HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				for _, name := range names {
					r.SetPathValue(name, mux.Vars(r)[name])
				}
				h.ServeHTTP(w, r)
			})
		}), serve(router)
	}},
	{"fiber", "", func() (*routers.Mux, func(*http.Request) (int, string)) {
		app := fiber.New()
		return routers.Fiber.Mux(func(method, path string, names []string, h http.Handler) {
				app.Add([]string{method}, path, func(c fiber.Ctx) error {
					values := make([]string, len(names))
					for i, name := range names {
						values[i] = c.Params(name)
					}
					return adaptor.HTTPHandlerFunc(func(w http.ResponseWriter, r *http.Request) {
						for i, name := range names {
							r.SetPathValue(name, values[i])
						}
						h.ServeHTTP(w, r)
					})(c)
				})
			}), func(r *http.Request) (int, string) {
				answer, err := app.Test(r)
				if err != nil {
					return 0, err.Error()
				}
				defer answer.Body.Close()
				body, _ := io.ReadAll(answer.Body)
				return answer.StatusCode, string(body)
			}
	}},
}

// patterns are registered in this order, the most specific first where one
// hides another.
var patterns = []string{
	"GET /users/me",
	"GET /users/{id}",
	"POST /users/{id}",
	"GET /orgs/{org}/users/{user}",
	"DELETE /orgs/{org}/users/{user}",
	"GET /files/{path...}",
	"GET /home/{$}",
	"GET /static/",
	"/any/{id}",
}

func TestRoutersServeTheSame(t *testing.T) {
	plain := http.NewServeMux()
	for _, pattern := range patterns {
		plain.Handle(pattern, show(pattern))
	}
	requests := []string{
		"GET /users/me", "GET /users/7", "HEAD /users/7", "POST /users/7", "GET /users/a%20b", "GET /users/%C3%BC",
		"GET /orgs/acme/users/7", "DELETE /orgs/acme/users/7", "GET /orgs/acme/users",
		"GET /files/a", "GET /files/a/b/c.txt", "GET /files/a%20b/c",
		"GET /home/", "GET /home/other",
		"GET /static/a.css", "GET /static/a/b",
		"PATCH /any/1", "GET /any/1",
		"GET /nothing",
	}
	for _, router := range all {
		t.Run(router.name, func(t *testing.T) {
			m, do := router.new()
			for _, pattern := range patterns {
				if pattern != router.refuses {
					m.Handle(pattern, show(pattern))
				}
			}
			if router.refuses != "" {
				expectPanic(t, func() { m.Handle(router.refuses, http.NotFoundHandler()) })
			}
			for _, request := range requests {
				if request == router.refuses {
					continue
				}
				method, target, _ := strings.Cut(request, " ")
				wantCode, want := serve(plain)(httptest.NewRequest(method, target, nil))
				code, got := do(httptest.NewRequest(method, target, nil))
				if code != wantCode || code == 200 && method != "HEAD" && got != want {
					t.Errorf("%s: %d %q, want %d %q", request, code, got, wantCode, want)
				}
			}
		})
	}
}

// show answers with the pattern and the values of its wildcards.
func show(pattern string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprint(w, pattern)
		for _, name := range []string{"id", "org", "user", "path"} {
			if value := r.PathValue(name); value != "" {
				fmt.Fprintf(w, " %s=%q", name, value)
			}
		}
	})
}

func expectPanic(t *testing.T, f func()) {
	t.Helper()
	defer func() {
		if recover() == nil {
			t.Error("it did not panic")
		}
	}()
	f()
}

func TestWhatARouterCannotServeIsRefused(t *testing.T) {
	for name, second := range map[string]string{
		"a host":                     "GET example.com/users",
		"a pattern that is hidden":   "GET /users/me",
		"a subtree that is hidden":   "GET /files/a/{$}",
		"a method that is hidden":    "HEAD /users/{name}",
		"all methods, one is hidden": "/users/{name}",
	} {
		t.Run(name, func(t *testing.T) {
			m := routers.Fiber.Mux(func(string, string, []string, http.Handler) {})
			m.Handle("GET /users/{id}", http.NotFoundHandler())
			m.Handle("GET /files/{path...}", http.NotFoundHandler())
			expectPanic(t, func() { m.Handle(second, http.NotFoundHandler()) })
		})
	}
}

// chi takes patterns of net/http, and some mean other URLs to it: generated code
// checks that before it registers one.
func TestChiIsToldApart(t *testing.T) {
	expectPanic(t, func() { adapter.CheckMux(chi.NewRouter()) })
	adapter.CheckMux(http.NewServeMux())
	adapter.CheckMux(routers.Chi.Mux(nil))
}
