//go:build race

package river_test

func init() { underRace = true }
