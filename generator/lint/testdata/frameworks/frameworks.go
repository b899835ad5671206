// Package frameworks has handlers of gin, echo and fiber, whose contexts are requests.
package frameworks

import (
	"context"

	"github.com/bggen/bggen/runtime"
	"github.com/gin-gonic/gin"
	fiber2 "github.com/gofiber/fiber/v2"
	fiber3 "github.com/gofiber/fiber/v3"
	echo4 "github.com/labstack/echo/v4"
	echo5 "github.com/labstack/echo/v5"
)

func audit(context.Context, ...any) error { return nil }

func ginGoroutines(c *gin.Context) {
	go audit(c, "login")          // want `this goroutine uses c, and gin may have given it to another request when the handler has returned`
	go audit(c.Request.Context()) // want `this goroutine uses c.Request.Context\(\), and the context of the request is cancelled`
	go func() {                   // want `this goroutine uses c, and gin may have given it`
		audit(context.Background(), c.ClientIP())
	}()
	ctx := context.WithValue(c, "key", "value")
	go audit(ctx) // want `this goroutine uses ctx, and gin may have given it`
	ip, kept := c.ClientIP(), c.Copy()
	go audit(context.Background(), ip, kept)
	go audit(context.WithoutCancel(c.Request.Context()))
}

func ginTasks(c *gin.Context) {
	bg := runtime.FromContext(c.Request.Context())
	bg.Add(func(ctx context.Context) error { return audit(ctx, c) })                  // want `the task uses c, and gin may have given it to another request when it runs`
	bg.Add(func(ctx context.Context) error { return audit(ctx, c.Param("id")) })      // want `the task uses c, and gin`
	bg.Add(func(ctx context.Context) error { return audit(c.Request.Context()) })     // want `the task uses c.Request.Context\(\), and the context of the request is cancelled when it runs: use the task's own context`
	bg.Add(func(ctx context.Context) error { return audit(ctx, c.Request.URL.Path) }) // want `the task uses c.Request, and gin`
	request := c.Request
	bg.Add(func(ctx context.Context) error { return audit(ctx, request) }) // want `the task uses request`
	id, kept := c.Param("id"), c.Copy()
	bg.Add(func(ctx context.Context) error { return audit(ctx, id, kept.Param("id")) })
}

func echoes(c echo4.Context, next *echo5.Context) {
	go audit(c.Request().Context())      // want `this goroutine uses c.Request\(\).Context\(\), and the context of the request is cancelled`
	go audit(context.Background(), c)    // want `this goroutine uses c, and echo may have given it to another request`
	go audit(next.Request().Context())   // want `the context of the request is cancelled`
	go audit(context.Background(), next) // want `echo may have given it to another request`
	bg := runtime.FromContext(c.Request().Context())
	bg.Add(func(ctx context.Context) error { return audit(c.Request().Context()) }) // want `use the task's own context`
	bg.Add(func(ctx context.Context) error { return audit(ctx, next) })             // want `echo may have given it to another request`
	id := c.Param("id")
	bg.Add(func(ctx context.Context) error { return audit(ctx, id) })
}

func fibers(c *fiber2.Ctx, next fiber3.Ctx, bg *runtime.BackgroundTasks) {
	go audit(context.Background(), c)                                   // want `this goroutine uses c, and fiber may have given it to another request`
	go audit(context.Background(), next)                                // want `this goroutine uses next, and fiber may have given it to another request`
	bg.Add(func(ctx context.Context) error { return audit(ctx, c) })    // want `the task uses c, and fiber`
	bg.Add(func(ctx context.Context) error { return audit(ctx, next) }) // want `the task uses next, and fiber`
	go audit(c.UserContext())                                           // it is not cancelled
	go audit(next.Context())
}
