// Package platform is only there on one system, by the name of its file.
package platform

//bggen:route GET /platform
func Home() string { return "linux" }
