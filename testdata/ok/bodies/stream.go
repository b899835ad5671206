package bodies

import "io"

// Stream reads the body by itself.
//
//bggen:route POST /stream maxbody=1KiB
func Stream(body io.Reader) (int64, error) { return io.Copy(io.Discard, body) }
