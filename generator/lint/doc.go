// Package lint finds mistakes with background tasks that compile, and show
// when a task runs, or never: a task that uses what its request has taken with
// it, a collector kept beyond its request, a context that says nothing of
// shutdown, an error that nobody sees.
//
// The generator itself finds the direct cases, in signatures and in closures
// written right in a call of Add. This analyzer has the types of all
// expressions, and follows values through local variables, fields, method
// values and one level of calls within a package.
//
// It is made to be quiet: it reports what is wrong, and has no opinions.
package lint
