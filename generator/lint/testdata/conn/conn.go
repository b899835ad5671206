// Package conn has providers whose values are released.
package conn

// Conn is released before the tasks of a request.
type Conn struct{} // want Conn:"released by NewConn"

// Ping does something.
func (*Conn) Ping() error { return nil }

// NewConn makes one.
//
//bggen:provide
func NewConn() (*Conn, func(), error) { return new(Conn), func() {}, nil }

// File is held until the tasks have ended.
type File struct{}

// NewFile makes one.
//
//bggen:provide hold
func NewFile() (*File, func()) { return new(File), func() {} }
