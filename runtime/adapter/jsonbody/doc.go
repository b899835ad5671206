// Package jsonbody finds everything that is wrong with a JSON body, each mistake
// with its place.
//
// A body is decoded once, with encoding/json, and its limits are checked in Go.
// That is all that a request costs which is right. encoding/json stops at the
// first mistake that a type reports by itself, says of others only where the last
// byte is, and leaves zero where nothing was sent. So where decoding has failed,
// or a value may be outside its limits or absent, the bytes are looked at a second
// time, with a [Shape]: a description of the Go type that the generator has
// written. [Find] goes over the bytes once and reports all mistakes together.
//
// Find agrees with encoding/json on what a member is called (another case counts,
// a repeated member is read again into the same value), on the range of numbers
// and on null. In addition:
//
//   - What is absent has no limits. A field that is absent and required is one
//     error, missing, and nothing is said of what is in it.
//   - null counts as absent. So a required field that is null is missing. An item of
//     a list or a map that is null is missing if it is an object with a required
//     field; otherwise it is the zero value, as encoding/json has it.
//   - A fixed array takes no more items than it has, and may have fewer.
//   - Text that is not UTF-8 is read as encoding/json reads it, with the replacement
//     character in place of each byte that is wrong.
//   - Of a repeated member, limits are those of the value that is left in the end.
package jsonbody
