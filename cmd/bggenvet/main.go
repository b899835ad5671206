// Command bggenvet reports mistakes with background tasks: see package
// generator/lint. It runs by itself, and as a tool of go vet:
//
//	go tool bggenvet ./...
//	go vet -vettool=$(go tool -n bggenvet) ./...
package main

import (
	"github.com/bggen/bggen/generator/lint"
	"golang.org/x/tools/go/analysis/multichecker"
)

func main() { multichecker.Main(lint.Analyzer) }
