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

//bggen:route GET /users/:id/edit
func Colon(id string) {}

//bggen:route GET /files/*path
func Star(path string) {}

//bggen:route GET /int/<int:n>
func Angle(n int) {}

//bggen:route POST /verbs/{id}/a:cancel
func Verb(id string) {}

//bggen:route get /small
func Small() {}

//bggen:route GET,PUT /two
func Two() {}

//bggen:route GET slash
func Slash() {}

//bggen:route GET /anything/*
func Bare() {}
