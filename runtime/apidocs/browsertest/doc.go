// Package browsertest opens the page of package apidocs in headless Chromium. It
// is a module of its own, so that nobody who uses the page has the driver of the
// browser among their dependencies.
package browsertest
