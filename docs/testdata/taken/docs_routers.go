package taken

var engine *gin.Engine

var e *echo.Echo

var app *fiber.App
