module github.com/bggen/bggen/runtime/apidocs

go 1.26.0
