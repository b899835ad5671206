// Package guards has guards that cannot be.
//
//bggen:depends RequireUser
//bggen:prefix v1/
package guards

import (
	"io"

	"github.com/bggen/bggen/runtime"
)

type User struct{}

//bggen:guard
//bggen:depends CheckBoth
func RequireUser() (User, error) { return User{}, nil }

//bggen:depends CheckAgain
func CheckBoth() error { return nil }

//bggen:depends CheckBoth
func CheckAgain() error { return nil }

//bggen:guard
func CheckSignature(body []byte) error { return nil }

//bggen:route POST /stream
//bggen:depends CheckSignature
func Stream(body io.Reader) {}

func Nobody() error { return nil }

//bggen:route GET /without
//bggen:without Nobody
func Without() {}

//bggen:route GET /twice
//bggen:without RequireUser
//bggen:without RequireUser
func Twice() {}

//bggen:route GET /needed
//bggen:without RequireUser
func Needed(u User) {}

//bggen:guard
func Value() int { return 0 }

//bggen:guard
var Number = 3

//bggen:provide
//bggen:without RequireUser
func Provider() *io.Reader { return nil }

//bggen:depends RequireUser
type NoApp struct{}

//bggen:handler items
func Path(bg *runtime.BackgroundTasks) {}

//bggen:guard
func Nothing() {}
