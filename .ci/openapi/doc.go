// Package openapi has others read the documents that bggen writes: validators, and
// generators of clients. It is a module of its own, so that nobody else has these
// among their dependencies.
package openapi
