// Package browsertest looks at the page of package dashboard in headless
// Chromium. It is a module of its own, so that nobody who uses bggen pays for
// what drives the browser.
package browsertest
