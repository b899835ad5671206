// Command published lays out versions of this repository's modules as a module
// proxy in a directory, so that a go command with GOPROXY=file://... fetches them
// as users will:
//
//	go run . -dir /tmp/proxy -repository ../.. v0.2.0 v0.1.0
//
// A version is a tag or a pseudo-version; one that is neither stands for HEAD.
package main

import (
	"flag"
	"fmt"
	"os"
)

func main() {
	dir := flag.String("dir", "", "write the proxy to this directory")
	repository := flag.String("repository", ".", "the repository with the modules")
	flag.Parse()
	for _, version := range flag.Args() {
		if err := publish(*dir, *repository, version); err != nil {
			fmt.Fprintf(os.Stderr, "published: %s: %v\n", version, err)
			os.Exit(1)
		}
	}
}
