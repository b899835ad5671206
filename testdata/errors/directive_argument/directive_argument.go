package directive_argument

import (
	"net/http"
)

//bggen:route /path
func NoMethod() {}

//bggen:route GET
func NoPath() {}

//bggen:route GET /status status=99
func Status() {}

//bggen:route GET /twice status=201 status=202
func Twice() {}

//bggen:route POST /size maxbody=20MB
func Size(body []byte) {}

//bggen:route POST /unused maxbody=20MiB
func Unused() {}

//bggen:route GET /own status=201
func Own(w http.ResponseWriter) {}

//bggen:route GET "/quote
func Quote() {}

//bggen:handler now
func Handler() {}

//bggen:task nam=mail
func Task() {}

//bggen:route POST /suffixes maxbody=20KiBMiB
func Suffixes(body []byte) {}

//bggen:route POST /huge maxbody=9999999999GiB
func Huge(body []byte) {}
