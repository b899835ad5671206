// Package foreign takes what another package provides. // want package:"directed"
//
//bggen:use example.com/lint/conn
package foreign

import (
	"context"
	"net"
	"net/textproto"

	"example.com/lint/conn"
	"github.com/bggen/bggen/runtime"
)

//bggen:route POST /
func Handler(c *conn.Conn, l *net.TCPConn, p *textproto.Pipeline, bg *runtime.BackgroundTasks) {
	ping := c.Ping
	bg.Add(func(context.Context) error { return ping() })                      // want `the task uses ping, and what NewConn makes`
	bg.Add(func(context.Context) error { _, err := l.Write(nil); return err }) // want `the task uses l, and what Dial makes`
	bg.Add(func(context.Context) error { p.Next(); return nil })
}
