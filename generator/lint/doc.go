// Package lint finds mistakes with background tasks that the compiler accepts: a
// task or a goroutine that uses a request after its end, a collector that is kept
// beyond its request, a context that does not say when the program stops, an error
// that nobody sees. It also compares the statuses that functions declare to answer with
// those that they make. The page docs/analyzer.md shows each mistake.
//
// The generator finds the direct cases, in signatures and in closures that are
// written right in a call of Add. This analyzer has the types of all expressions,
// and the package in SSA form: it follows values through variables, fields, method
// values and calls within the package, to a depth of four.
//
// What directives say is read by package scan, for the generator and the analyzer
// alike. The facts of a package tell the packages that import it which types its
// providers make and close, and which statuses its errors have.
//
// What a function answers is asked in two ways: a maker knows what is sure to be
// answered, and a may what there may be at most. A status that lies between them is
// not reported.
//
// The analyzer says nothing where it cannot tell. It is silent about a value that
// may be another one, and about a goroutine that may have ended in time: see
// excuseOf, and the flag -why.
package lint
