// Package conn has providers whose values are released. // want package:"directed: NewConn releases example.com/lint/conn.Conn, Dial releases net.TCPConn"
package conn

import "net"

// Conn is released before the tasks of a request.
type Conn struct{}

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

// Dial is of a type of somebody else.
//
//bggen:provide
func Dial() (*net.TCPConn, func()) { return nil, func() {} }
