// Package stale has been changed since it was generated. // want package:"directed"
package stale

//bggen:route GET /hello/{name}
func Hello(name string, greeting *string) string { return "hello " + name }
