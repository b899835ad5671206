package misspelt_directive

import "errors"

func Guard() error { return errors.New("no") }

//bgen:depends Guard
//bggen:route GET /1
func Tool() string { return "" }

//bggendepends Guard
//bggen:route GET /2
func NoColon() string { return "" }

//@bggen:depends Guard
//bggen:route GET /3
func At() string { return "" }

// bggen:depends Guard
//bggen:route GET /4
func NoBreakSpace() string { return "" }

//go:bggen depends Guard
//bggen:route GET /5
func GoDirective() string { return "" }

//bggеn:depends Guard
//bggen:route GET /6
func Cyrillic() string { return "" }

//bggen：depends Guard
//bggen:route GET /7
func FullWidth() string { return "" }

//​bggen:depends Guard
//bggen:route GET /8
func ZeroWidth() string { return "" }

// bggen generates the rest; a bgen is another thing.
//bggen:route GET /9
func Prose() string { return "" }
