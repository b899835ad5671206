// Package docs tests the documentation: every Go block of it compiles, every link
// leads somewhere, and the steps of the first page work. The recipes are packages of
// this module. It is a module of its own, so that nobody else gets what the pages
// about other projects import.
package docs
