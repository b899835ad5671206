module example.com/lint

go 1.26.0

require github.com/bggen/bggen v0.0.0

replace github.com/bggen/bggen => ../../..
