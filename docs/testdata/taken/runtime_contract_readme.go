package taken

var spec []byte
