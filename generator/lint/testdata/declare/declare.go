// Package declare has directives that -fix mends. // want package:"directed" package:"answers: "
package declare

import "github.com/bggen/bggen/runtime"

func fails(status int) error { return &runtime.Problem{Status: status} }

// one has a status too many.
//
//bggen:route GET /one
//bggen:answers 404="there is none" 409="it is taken" // want `404 is declared`
func one() error { return fails(409) }

// other has another status.
//
//bggen:route GET /other
//bggen:answers  409="it is taken" // want `409 is declared`
func other() error { return fails(404) } // want `other answers 404`

// none has no status.
//
//bggen:answers 404 // want `404 is declared`
//bggen:route GET /none
func none() error { return nil }

// several answers several.
//
//bggen:route GET /several
//bggen:answers 404="there is none"
func several(n int) error {
	switch n {
	case 1:
		return fails(409) // want `several answers 409`
	case 2:
		return fails(410) // want `several answers 410`
	}
	return fails(404)
}

// silent has no directive yet.
//
//bggen:route GET /silent
func silent() error { return fails(404) } // want `silent answers 404`

//bggen:provide
func bare() (int8, error) { return 0, fails(403) } // want `bare answers 403`
