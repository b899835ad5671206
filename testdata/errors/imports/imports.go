// Package imports takes from other packages what it cannot have.
//
//bggen:use github.com/bggen/bggen/testdata/errors/imports
//bggen:use github.com/bggen/bggen/testdata/errors/imports/nowhere
//bggen:use github.com/bggen/bggen/testdata/errors/imports/cyclic
//bggen:use github.com/bggen/bggen/testdata/errors/imports/command
//bggen:use github.com/bggen/bggen/testdata/errors/imports/nested/internal
//bggen:use
//bggen:use github.com/bggen/bggen/testdata/errors/imports/cyclic
//bggen:use github.com/bggen/bggen/testdata/errors/imports/app
//bggen:depends github.com/bggen/bggen/testdata/errors/imports/cyclic.Check
package imports

import "github.com/bggen/bggen/testdata/errors/imports/home"

//bggen:app
type App struct{}

//bggen:route GET /session
func Session(s home.Session) {}

//bggen:route GET /user
//bggen:depends home.Chekc
//bggen:depends home.hidden
//bggen:depends github.com/bggen/bggen/testdata/errors/imports/home.Check
//bggen:depends elsewhere.Check
func User(u home.User) {}

//bggen:route GET /visits
func Visits(v home.Visits) {}

//bggen:use github.com/bggen/bggen/testdata/errors/imports/home
func Used() {}
