package taken

var spec []byte

type Status string
