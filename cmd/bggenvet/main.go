// Command bggenvet reports mistakes with background tasks, and errors that are not
// declared: see package generator/lint. It is a tool of go vet, and runs go vet by itself where it is
// called directly:
//
//	go vet -vettool=$(go tool -n bggenvet) ./...
//	go tool bggenvet ./...
package main

import (
	"cmp"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"

	"github.com/bggen/bggen/generator/lint"
	"golang.org/x/tools/go/analysis/unitchecker"
)

const usage = `bggenvet reports mistakes with background tasks, and errors that are not declared.

Usage: bggenvet [flags] [packages]

  -fix   apply the fixes, and report what has none
  -diff  with -fix: print the fixes instead
  -all   look at packages that do not import the runtime, too
  -why   say where a goroutine is not reported, and why
  -json  print what is found as JSON

Other flags are those of go vet, such as -tags. It runs

  go vet -vettool=bggenvet [flags] [packages]

which keeps its results in the build cache. Its exit status is 1 where something
is left to report.
`

func main() {
	args := os.Args[1:]
	for i, arg := range args {
		args[i] = analyzerFlag(arg)
	}
	switch {
	case isUnit(args):
		unitchecker.Main(lint.Analyzer)
	case asksHelp(args):
		fmt.Print(usage)
	default:
		os.Exit(vet(args))
	}
}

// isUnit reports whether go vet has called: it asks for the version or the flags,
// or names the file that describes a package.
func isUnit(args []string) bool {
	if len(args) == 0 {
		return false
	}
	last := args[len(args)-1]
	return last == "-flags" || strings.HasPrefix(last, "-V") || strings.HasSuffix(last, ".cfg")
}

func asksHelp(args []string) bool {
	return len(args) == 0 || slices.ContainsFunc(args, func(arg string) bool {
		return arg == "help" || arg == "-h" || arg == "-help" || arg == "--help"
	})
}

// analyzerFlag writes -all and -why as go vet knows them, with the name of the
// analyzer before. It has an -all of its own, which does nothing.
func analyzerFlag(arg string) string {
	name, value, _ := strings.Cut(strings.TrimPrefix(strings.TrimPrefix(arg, "-"), "-"), "=")
	if strings.HasPrefix(arg, "-") && lint.Analyzer.Flags.Lookup(name) != nil {
		return "-" + lint.Analyzer.Name + "." + name + "=" + cmp.Or(value, "true")
	}
	return arg
}

// vet runs go vet. With -fix that says nothing of what is left, so it runs again.
func vet(args []string) int {
	code := goVet(args)
	without := slices.DeleteFunc(slices.Clone(args), isFix)
	if code == 0 && len(without) < len(args) && !slices.Contains(args, "-diff") {
		return goVet(without)
	}
	return code
}

func isFix(arg string) bool { return arg == "-fix" || arg == "--fix" || arg == "-fix=true" }

func goVet(args []string) int {
	self, err := os.Executable()
	if err != nil {
		fmt.Fprintln(os.Stderr, "bggenvet:", err)
		return 2
	}
	cmd := exec.Command("go", append([]string{"vet", "-vettool=" + self}, args...)...)
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	var exit *exec.ExitError
	switch err := cmd.Run(); {
	case errors.As(err, &exit):
		return exit.ExitCode()
	case err != nil:
		fmt.Fprintln(os.Stderr, "bggenvet:", err)
		return 2
	}
	return 0
}
