module github.com/bggen/bggen/generator/lint/golangci

go 1.26.0

require (
	github.com/bggen/bggen v0.0.0
	github.com/golangci/plugin-module-register v0.1.2
	golang.org/x/tools v0.52.0
)

require (
	github.com/dave/jennifer v1.7.1 // indirect
	golang.org/x/mod v0.42.0 // indirect
	golang.org/x/sync v0.24.0 // indirect
)

replace github.com/bggen/bggen => ../../..
