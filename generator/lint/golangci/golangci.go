// Package golangci makes the analyzer of bggen a linter of golangci-lint,
// version 2: a module plugin, which is compiled into a golangci-lint of your
// own.
//
// Say in .custom-gcl.yml what that is made of,
//
//	version: v2.15.0 # of golangci-lint
//	plugins:
//	  - module: github.com/bggen/bggen/generator/lint/golangci
//	    version: latest
//
// and in .golangci.yml that it is to run:
//
//	version: "2"
//	linters:
//	  enable: [bggen]
//	  settings:
//	    custom:
//	      bggen:
//	        type: module
//
// Then "golangci-lint custom" builds ./custom-gcl, which is used as
// golangci-lint is: "./custom-gcl run", and "./custom-gcl run --fix".
//
// From a checkout in ../bggen, name both of the modules that it takes:
//
//	plugins:
//	  - module: github.com/bggen/bggen/generator/lint/golangci
//	    path: ../bggen/generator/lint/golangci
//	  - module: github.com/bggen/bggen
//	    import: github.com/bggen/bggen/generator/lint
//	    path: ../bggen
package golangci

import (
	"fmt"

	"github.com/bggen/bggen/generator/lint"
	"github.com/golangci/plugin-module-register/register"
	"golang.org/x/tools/go/analysis"
)

func init() { register.Plugin(lint.Analyzer.Name, newPlugin) }

// newPlugin refuses settings: there are none, and one that does nothing would
// be taken for one that does.
func newPlugin(settings any) (register.LinterPlugin, error) {
	if _, err := register.DecodeSettings[struct{}](settings); err != nil {
		return nil, fmt.Errorf("bggen takes no settings: %w", err)
	}
	return plugin{}, nil
}

type plugin struct{}

func (plugin) BuildAnalyzers() ([]*analysis.Analyzer, error) {
	return []*analysis.Analyzer{lint.Analyzer}, nil
}

func (plugin) GetLoadMode() string { return register.LoadModeTypesInfo }
