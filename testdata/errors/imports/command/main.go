// Command command can be imported by nobody.
package main

func main() {}
