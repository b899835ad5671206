module example.com/lint

go 1.26.0

require (
	github.com/bggen/bggen v0.0.0
	github.com/gin-gonic/gin v1.0.0
	github.com/gofiber/fiber/v2 v2.0.0
	github.com/gofiber/fiber/v3 v3.0.0
	github.com/labstack/echo/v4 v4.0.0
	github.com/labstack/echo/v5 v5.0.0
)

replace (
	github.com/bggen/bggen => ../../..
	github.com/gin-gonic/gin => ./stubs/gin
	github.com/gofiber/fiber/v2 => ./stubs/fiber
	github.com/gofiber/fiber/v3 => ./stubs/fiber3
	github.com/labstack/echo/v4 => ./stubs/echo
	github.com/labstack/echo/v5 => ./stubs/echo5
)
