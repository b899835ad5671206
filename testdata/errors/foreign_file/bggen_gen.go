package foreign_file

// Precious was written by hand.
func Precious() int { return 1 }
