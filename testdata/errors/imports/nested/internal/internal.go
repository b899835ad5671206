// Package internal is for package nested only.
package internal
