package needs_request

import (
	"net/http"
)

type User string

//bggen:provide
func GetUser(token string) User { return "" }

type Agent string

//bggen:provide
func GetAgent(r *http.Request) Agent { return "" }

//bggen:task
func Direct(r *http.Request) {}

//bggen:task
func Bound(u User) {}

//bggen:task
func Given(a Agent) {}
